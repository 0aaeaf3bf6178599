/** What of a conversation notifies, on all my devices. */
import { Bell } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { setNotifyLevel } from '../../lib/conversation-actions.ts';
import { useView } from '../../lib/use-view.ts';

const levels = ['all', 'mentions', 'none'] as const;

/** See the file comment. */
export function NotifySetting({ conversationId }: { readonly conversationId: string }) {
  const { t } = useTranslation();
  const id = useId();
  const { state } = useView('notificationRules', {});
  const level = state?.rows[conversationId]?.level ?? null;
  return (
    <section className="sec" aria-labelledby={id}>
      <h3 id={id}>
        <Bell className="i i14" aria-hidden="true" />
        {t('notifications.title')}
      </h3>
      <div className="li ttl-row">
        <select
          className="selbox"
          aria-labelledby={id}
          value={level ?? 'default'}
          onChange={({ target }) =>
            setNotifyLevel(conversationId, levels.find((each) => each === target.value) ?? null)
          }
        >
          <option value="default">{t('notifications.ownLevel.default')}</option>
          {levels.map((each) => (
            <option key={each} value={each}>
              {t(`notifications.ownLevel.${each}`)}
            </option>
          ))}
        </select>
      </div>
    </section>
  );
}
