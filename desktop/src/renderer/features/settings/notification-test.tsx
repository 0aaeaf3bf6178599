/** Shows a notification and says who showed it and what it can do: whether messages can be heard of on this desktop. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import { invoke } from '../../lib/bridge.ts';
import { showToast } from '../../lib/toast.ts';
import { Button } from '../../ui/button.tsx';
import { Group, Row } from '../../ui/page.tsx';

type Answer = IntentAnswer<'notification.test'>;

/** See the file comment. */
export function NotificationTest() {
  const { t } = useTranslation();
  const [answer, setAnswer] = useState<Answer | 'waiting' | null>(null);
  const test = () => {
    setAnswer('waiting');
    void invoke('notification.test', {}).then((result) => {
      setAnswer(result.ok ? result.value : null);
      if (!result.ok) showToast({ text: t('notifications.refused', { reason: result.error.message }) });
    });
  };
  const isWaiting = answer === 'waiting';
  return (
    <Group title={t('notifications.test')}>
      <Row title={t('notifications.testNow')} detail={t('notifications.testHelp')}>
        <Button disabled={isWaiting} onClick={test}>
          {t('notifications.test')}
        </Button>
      </Row>
      <div role="status" className="test-said">
        {isWaiting ? <Row title={<span className="t3">{t('notifications.testing')}</span>} /> : null}
        {answer !== null && answer !== 'waiting' ? (
          <Row title={outcomeText(t, answer)} detail={systemText(t, answer)} />
        ) : null}
      </div>
    </Group>
  );
}

function outcomeText(t: TFunction, { isShown, system }: Answer): string {
  if (system === null) return t('notifications.nobody');
  return t(isShown ? 'notifications.shown' : 'notifications.notShown');
}

function systemText(t: TFunction, { system, hasTray }: Answer): string {
  const name = [system?.name, system?.version].filter(Boolean).join(' ');
  const can = (capability: string): boolean => system?.capabilities.includes(capability) === true;
  const ability = can('inline-reply') ? 'reply' : can('actions') ? 'buttons' : 'plain';
  return [
    ...(name === '' ? [] : [`${t('notifications.service', { name })}: ${system?.capabilities.join(', ')}.`]),
    // macOS and Windows do not say; both have buttons and a field.
    ...(system && name !== '' ? [t(`notifications.can.${ability}`)] : []),
    t(hasTray ? 'notifications.tray.there' : 'notifications.tray.none'),
  ].join(' ');
}
