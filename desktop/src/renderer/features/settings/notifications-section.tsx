import { useTranslation } from 'react-i18next';
import { useMeta } from '../../lib/use-view.ts';
import { Segmented } from '../../ui/field.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { SelectRow, SwitchRow } from '../../ui/settings-rows.tsx';
import { playSound } from '../../lib/sounds.ts';
import { NotificationTest } from './notification-test.tsx';
import { OwnNotificationSettings } from './own-notification-settings.tsx';
import { QuietHoursGroup } from './quiet-hours-group.tsx';
import { setPreferences } from '../../lib/set-preferences.ts';

const levels = ['all', 'direct', 'none'] as const;
const previews = ['full', 'name', 'none'] as const;
const sounds = ['tide', 'drop', 'none'] as const;

/** What notifies on this device and how, when it is quiet, and what runs in the background. */
export function NotificationsSection() {
  const { t } = useTranslation();
  const preferences = useMeta('preferences', {});
  if (!preferences) return null;
  return (
    <>
      <h1>{t('notifications.title')}</h1>
      <p className="lead">{t('notifications.lead')}</p>
      <Group>
        <Row title={t('notifications.about')}>
          <Segmented
            label={t('notifications.about')}
            value={preferences.notificationLevel}
            options={levels.map((value) => ({ value, label: t(`notifications.level.${value}`) }))}
            onChange={(notificationLevel) => setPreferences({ notificationLevel })}
          />
        </Row>
        <SelectRow
          title={t('notifications.preview')}
          detail={t('notifications.previewHelp')}
          value={preferences.notificationPreview}
          options={previews.map((value) => ({ value, label: t(`notifications.previews.${value}`) }))}
          onChange={(notificationPreview) => setPreferences({ notificationPreview })}
        />
        <SelectRow
          title={t('notifications.sound')}
          value={preferences.notificationSound}
          options={sounds.map((value) => ({ value, label: t(`notifications.sounds.${value}`) }))}
          onChange={(notificationSound) => {
            setPreferences({ notificationSound });
            if (notificationSound !== 'none') playSound(notificationSound);
          }}
        />
        <SwitchRow
          title={t('notifications.badge')}
          detail={t('notifications.badgeHelp')}
          isOn={preferences.badge}
          onChange={(badge) => setPreferences({ badge })}
        />
      </Group>
      <QuietHoursGroup quietHours={preferences.quietHours} />
      <OwnNotificationSettings />
      <Group title={t('notifications.background')}>
        <SwitchRow
          title={t('notifications.startAtLogin')}
          isOn={preferences.startAtLogin}
          onChange={(startAtLogin) => setPreferences({ startAtLogin })}
        />
        {preferences.startAtLogin ? (
          <SwitchRow
            title={t('notifications.startHidden')}
            detail={t('notifications.startHiddenHelp')}
            isOn={preferences.startHidden}
            onChange={(startHidden) => setPreferences({ startHidden })}
          />
        ) : null}
        <SwitchRow
          title={t('notifications.closeToTray')}
          detail={t('notifications.closeToTrayHelp')}
          isOn={preferences.closeToTray}
          onChange={(closeToTray) => setPreferences({ closeToTray })}
        />
      </Group>
      <NotificationTest />
    </>
  );
}
