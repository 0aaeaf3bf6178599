/** Conversations that notify otherwise than this device, and the way back for each. */
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { NotificationRuleRow } from '../../../ipc/notifications.ts';
import { resetNotifications } from '../../lib/conversation-actions.ts';
import { formatUntil } from '../../lib/format.ts';
import { useView } from '../../lib/use-view.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Group, Row } from '../../ui/page.tsx';

/** See the file comment. */
export function OwnNotificationSettings() {
  const { t } = useTranslation();
  const { state } = useView('notificationRules', {});
  if (!state) return null;
  const rows = state.order.flatMap((id) => state.rows[id] ?? []);
  return (
    <Group title={t('notifications.own')}>
      {rows.length === 0 ? <Row title={<span className="t3">{t('notifications.noOwn')}</span>} /> : null}
      {rows.map((row) => (
        <Row
          key={row.id}
          icon={<Avatar name={row.title} kind={row.kind} size={32} />}
          title={row.title}
          detail={ruleText(t, row)}
        >
          <Button
            aria-label={t('notifications.resetOf', { title: row.title })}
            onClick={() => resetNotifications(row)}
          >
            {t('notifications.reset')}
          </Button>
        </Row>
      ))}
    </Group>
  );
}

function ruleText(t: TFunction, { level, isMuted, mutedUntilMs }: NotificationRuleRow): string {
  const parts = [
    ...(isMuted
      ? [
          mutedUntilMs === null
            ? t('notifications.muted')
            : t('notifications.mutedUntil', { time: formatUntil(mutedUntilMs, Date.now()) }),
        ]
      : []),
    ...(level === null ? [] : [t(`notifications.ownLevel.${level}`)]),
  ];
  return parts.join(' · ');
}
