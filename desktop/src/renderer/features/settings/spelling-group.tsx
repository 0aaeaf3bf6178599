/** Spell checking: off, in the languages of the system, or in those chosen out of what this computer has. */
import { useTranslation } from 'react-i18next';
import { bridge } from '../../lib/bridge.ts';
import { formatLanguage, formatList } from '../../lib/format.ts';
import { useMeta } from '../../lib/use-view.ts';
import { Group } from '../../ui/page.tsx';
import { SelectRow, SwitchRow } from '../../ui/settings-rows.tsx';
import { setPreferences } from '../../lib/set-preferences.ts';

/** See the file's head. */
export function SpellingGroup() {
  const { t } = useTranslation();
  const preferences = useMeta('preferences', {});
  const spelling = useMeta('spelling', {});
  if (!preferences || !spelling) return null;
  const { languages, inUse, refused } = spelling;
  const isAutomatic = languages === null;
  const names = (codes: readonly string[]) => formatList(codes.map(formatLanguage));
  const hasNone = languages?.length === 0;
  const source = bridge().boot.platform === 'linux' ? t('spelling.fromComputer') : t('spelling.fromSystem');
  const now = inUse.length > 0 ? t('spelling.now', { languages: names(inUse) }) : null;
  return (
    <Group title={t('spelling.title')}>
      <SelectRow
        title={t('spelling.check')}
        detail={hasNone ? t('spelling.noDictionaries') : [now, source].filter(Boolean).join(' ')}
        value={preferences.spelling === 'chosen' && isAutomatic ? 'system' : preferences.spelling}
        options={[
          { value: 'off', label: t('spelling.off') },
          { value: 'system', label: t('spelling.system') },
          ...(isAutomatic ? [] : [{ value: 'chosen' as const, label: t('spelling.chosen') }]),
        ]}
        onChange={(value) =>
          setPreferences(
            // What is checked now stays checked until something else is chosen.
            value === 'chosen' && preferences.spellingLanguages.length === 0
              ? { spelling: value, spellingLanguages: [...inUse] }
              : { spelling: value },
          )
        }
      />
      {preferences.spelling === 'chosen'
        ? (languages ?? []).map((code) => {
            const { spellingLanguages } = preferences;
            return (
              <SwitchRow
                key={code}
                title={formatLanguage(code)}
                detail={refused.includes(code) ? t('spelling.refused') : undefined}
                isOn={spellingLanguages.includes(code)}
                onChange={(isOn) =>
                  setPreferences({
                    spellingLanguages: isOn
                      ? [...spellingLanguages, code]
                      : spellingLanguages.filter((one) => one !== code),
                  })
                }
              />
            );
          })
        : null}
    </Group>
  );
}
