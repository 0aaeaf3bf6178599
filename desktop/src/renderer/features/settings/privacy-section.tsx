import type { PreferencesEntry, PresenceAudience } from '@curlew/shared/domain/entries.ts';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { showToast } from '../../lib/toast.ts';
import { useMeta } from '../../lib/use-view.ts';
import { Group } from '../../ui/page.tsx';
import { SelectRow, SwitchRow } from '../../ui/settings-rows.tsx';
import { setPreferences } from '../../lib/set-preferences.ts';

const audiences = ['organizations', 'conversations', 'nobody'] as const satisfies readonly PresenceAudience[];

/** What others see of me, on all my devices. Works offline and is sent later. */
export function PrivacySection() {
  const { t } = useTranslation();
  const account = useMeta('account', {});
  const preferences = useMeta('preferences', {});
  if (!account) return null;
  const {
    presenceAudience = 'organizations',
    lastSeenAudience = 'organizations',
    shareReadReceipts = true,
    shareTyping = true,
  } = account.preferences;
  const set = (change: PreferencesEntry) => {
    void invoke('account.setPreferences', change).then((result) => {
      if (!result.ok) showToast({ text: t('settings.refused', { reason: errorText(result.error) }) });
    });
  };
  const options = audiences.map((value) => ({ value, label: t(`privacy.audience.${value}`) }));
  // Nobody sees when somebody was online whose presence they do not see.
  const narrowest = Math.max(audiences.indexOf(presenceAudience), audiences.indexOf(lastSeenAudience));
  return (
    <>
      <h1>{t('privacy.title')}</h1>
      <p className="lead">{t('privacy.lead')}</p>
      <Group title={t('privacy.others')}>
        <SelectRow
          title={t('privacy.presence')}
          detail={t('privacy.presenceHelp')}
          value={presenceAudience}
          options={options}
          onChange={(value) => set({ presenceAudience: value })}
        />
        <SelectRow
          title={t('privacy.lastSeen')}
          detail={t('privacy.lastSeenHelp')}
          value={audiences[narrowest] ?? lastSeenAudience}
          options={options.slice(audiences.indexOf(presenceAudience))}
          onChange={(value) => set({ lastSeenAudience: value })}
        />
        <SwitchRow
          title={t('privacy.readReceipts')}
          detail={t('privacy.readReceiptsHelp')}
          isOn={shareReadReceipts}
          onChange={(isOn) => set({ shareReadReceipts: isOn })}
        />
        <SwitchRow
          title={t('privacy.typing')}
          isOn={shareTyping}
          onChange={(isOn) => set({ shareTyping: isOn })}
        />
      </Group>
      <Group title={t('preview.group')}>
        <SwitchRow
          title={t('preview.setting')}
          detail={t('preview.settingHelp')}
          isOn={preferences?.linkPreviews ?? true}
          onChange={(linkPreviews) => setPreferences({ linkPreviews })}
        />
      </Group>
    </>
  );
}
