/** Message info: when it was written, and for own messages who has it and who has seen it. */
import { Check, CheckCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import type { MessageRow } from '../../../ipc/message-rows.ts';
import { invoke } from '../../lib/bridge.ts';
import { lookupOf } from '../../lib/compose-target.ts';
import { durationText, remainingText } from '../../lib/duration.ts';
import { formatMoment } from '../../lib/format.ts';
import { useViewPart } from '../../lib/use-view.ts';
import { MessageMeta } from '../../ui/message-meta.tsx';
import { RichText } from '../../ui/rich-text.tsx';
import { CrowdReceipts } from './crowd-receipts.tsx';
import { WhyNotified } from './why-notified.tsx';
import { EditHistory } from './edit-history.tsx';
import { People } from './receipt-people.tsx';

type Info = IntentAnswer<'message.info'>;

/** Who has seen a message. Asks again whenever a watermark of the conversation moves. */
export function MessageInfo({
  conversationId,
  messageId,
  ownUserId,
  isOffline,
}: {
  readonly conversationId: string;
  readonly messageId: string;
  readonly ownUserId: string;
  readonly isOffline: boolean;
}) {
  const { t } = useTranslation();
  const receiptsNow = useViewPart('conversation', { conversationId }, (view) => view.state?.meta.receipts);
  const countsNow = useViewPart('conversation', { conversationId }, (view) => view.state?.meta.countsVersion);
  const [info, setInfo] = useState<Info | null>(null);
  const [isUnavailable, setUnavailable] = useState(false);
  useEffect(() => {
    let isCurrent = true;
    void invoke('message.info', { conversationId, messageId }).then((result) => {
      if (!isCurrent) return;
      if (result.ok) setInfo(result.value);
      setUnavailable(!result.ok);
    });
    return () => {
      isCurrent = false;
    };
  }, [conversationId, messageId, receiptsNow, countsNow, isOffline]);
  const words = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
  const row = lookupOf(conversationId)?.find(messageId) ?? null;
  if (!row) return null;
  const others = (info?.receipts ?? []).filter((each) => each.userId !== ownUserId);
  const seen = others.filter((each) => each.read);
  const delivered = others.filter((each) => each.delivered && !each.read);
  const pending = others.filter((each) => !each.delivered);
  return (
    <>
      <div className="info-top">
        <div className={`g${row.isOwn ? ' out' : ''}`}>
          <div className="stack">
            <div className="bub">
              {row.isDeleted ? (
                t('timeline.deleted')
              ) : (
                <RichText text={row.text ?? ''} mentions={row.mentions} />
              )}
              <MessageMeta row={row} isOffline={isOffline} />
            </div>
          </div>
        </div>
      </div>
      <section className="sec">
        <h3>{t('info.details')}</h3>
        <div className="li fact">
          <span className="grow t2 s13">{t(row.seq === null ? 'info.composed' : 'info.sent')}</span>
          <span className="s13 num">{formatMoment(row.atMs, Date.now(), words)}</span>
        </div>
        {row.editedAtMs !== null ? (
          <div className="li fact">
            <span className="grow t2 s13">{t('info.edited')}</span>
            <span className="s13 num">{formatMoment(row.editedAtMs, Date.now(), words)}</span>
          </div>
        ) : null}
        {row.isOwn ? null : <WhyNotified messageId={messageId} />}
        {row.ttlMs !== null && !row.isDeleted ? (
          <div className="li fact">
            <span className="grow t2 s13">{t('ttl.info')}</span>
            <span className="s13 num">{lifeText(t, row)}</span>
          </div>
        ) : null}
      </section>
      <EditHistory conversationId={conversationId} row={row} isOffline={isOffline} />
      {row.isOwn && row.seq === null ? <p className="s13 t3 info-note">{t('info.waiting')}</p> : null}
      {row.isOwn && isUnavailable && row.seq !== null ? (
        <p className="s13 t3 info-note">{t('info.unavailable')}</p>
      ) : null}
      {row.isOwn && info?.counts ? (
        <CrowdReceipts conversationId={conversationId} messageId={messageId} counts={info.counts} />
      ) : null}
      {row.isOwn && info && !info.counts ? (
        <>
          <People
            people={seen}
            icon={<CheckCheck className="i i14" />}
            title={t('info.seenBy', { count: seen.length })}
          />
          <People
            people={delivered}
            icon={<CheckCheck className="i i14" />}
            title={t('info.deliveredTo', { count: delivered.length })}
          />
          <People
            people={pending}
            icon={<Check className="i i14" />}
            title={t('info.pending', { count: pending.length })}
          />
        </>
      ) : null}
      {row.isOwn && info ? <p className="s12 t3 info-note">{t('info.receiptsHint')}</p> : null}
    </>
  );
}

/** What is left of a message's life; the clock of one that waits has not begun. */
function lifeText(t: TFunction, { seq, atMs, ttlMs }: MessageRow): string {
  if (seq === null) return t('ttl.infoAfterSend', { duration: durationText(t, ttlMs ?? 0) });
  return t('ttl.infoIn', { duration: remainingText(t, atMs + (ttlMs ?? 0) - Date.now()) });
}
