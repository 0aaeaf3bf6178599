/** Why a message of somebody else did or did not notify on this device. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatMoment, formatUntil } from '../../lib/format.ts';

type Why = IntentAnswer<'notification.why'>['why'];

/** A line of the message's facts; nothing until it is known. */
export function WhyNotified({ messageId }: { readonly messageId: string }) {
  const { t } = useTranslation();
  const [why, setWhy] = useState<Why | undefined>(undefined);
  useEffect(() => {
    let isCurrent = true;
    void invoke('notification.why', { messageId }).then((result) => {
      if (isCurrent && result.ok) setWhy(result.value.why);
    });
    return () => {
      isCurrent = false;
    };
  }, [messageId]);
  if (why === undefined) return null;
  return (
    <div className="li fact">
      <span className="grow t2 s13">{t('why.title')}</span>
      <span className="s13 num why">{whyText(t, why)}</span>
    </div>
  );
}

function whyText(t: TFunction, why: Why): string {
  if (why === null) return t('why.unknown');
  const reason = t(`why.reason.${why.outcome}`);
  const nowMs = Date.now();
  const words = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
  return why.untilMs === null
    ? t('why.at', { reason, time: formatMoment(why.atMs, nowMs, words) })
    : t('why.until', { reason, time: formatUntil(why.untilMs, nowMs) });
}
