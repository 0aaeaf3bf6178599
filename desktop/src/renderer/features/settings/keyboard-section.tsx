import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bridge } from '../../lib/bridge.ts';
import { showSection } from '../../lib/navigation.ts';
import { shortcutList, type ShortcutEntry, type ShortcutGroup } from '../../lib/shortcut-list.ts';
import { useMeta } from '../../lib/use-view.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/field.tsx';
import { Kbd, shortcutText } from '../../ui/kbd.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { SwitchRow } from '../../ui/settings-rows.tsx';
import { setPreferences } from '../../lib/set-preferences.ts';

const groups = Object.keys(shortcutList) as readonly ShortcutGroup[];

/** How Enter works, and every shortcut, to be found by what it does or by its keys. */
export function KeyboardSection() {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const preferences = useMeta('preferences', {});
  if (!preferences) return null;
  const wanted = query.trim().toLocaleLowerCase();
  const finds = (text: string) => text.toLocaleLowerCase().includes(wanted);
  const found = groups.map((group) => ({
    group,
    hasSendWith: group === 'writing' && finds(t('settings.sendWith')),
    hasShow: group === 'window' && finds(t('settings.showShortcut')),
    entries: shortcutList[group].filter(
      (entry) =>
        finds(t(`shortcuts.${entry.action}`)) || keysOf(entry).some((keys) => finds(shortcutText(keys))),
    ),
  }));
  const shown = found.filter(
    ({ hasSendWith, hasShow, entries }) => hasSendWith || hasShow || entries.length > 0,
  );
  return (
    <>
      <h1>{t('settings.keyboard')}</h1>
      <p className="lead">{t('settings.keyboardLead', { keys: shortcutText('Ctrl+/') })}</p>
      <div className="inp">
        <Search className="i i16" aria-hidden="true" />
        <input
          className="grow"
          type="search"
          aria-label={t('settings.findShortcut')}
          placeholder={t('settings.findShortcut')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      {shown.map(({ group, hasSendWith, hasShow, entries }) => (
        <Group key={group} title={t(`shortcuts.group.${group}`)}>
          {hasSendWith ? (
            <Row title={t('settings.sendWith')} detail={t('settings.sendWithHelp')}>
              <Segmented
                label={t('settings.sendWith')}
                value={preferences.sendWith}
                options={[
                  { value: 'enter', label: t('settings.sendEnter') },
                  { value: 'ctrlEnter', label: t('settings.sendCtrlEnter') },
                ]}
                onChange={(sendWith) => setPreferences({ sendWith })}
              />
            </Row>
          ) : null}
          {entries.map((entry) => (
            <Row key={entry.action} title={t(`shortcuts.${entry.action}`)}>
              <Keys entry={entry} />
            </Row>
          ))}
          {hasShow ? (
            <SwitchRow
              title={t('settings.showShortcut')}
              detail={t('settings.showShortcutHelp', { keys: shortcutText('Ctrl+Shift+Space') })}
              isOn={preferences.showShortcut}
              onChange={(showShortcut) => setPreferences({ showShortcut })}
            />
          ) : null}
        </Group>
      ))}
      {wanted === '' ? (
        <Group>
          <Row title={t('tour.again')} detail={t('tour.againHelp')}>
            <Button
              size="small"
              onClick={() => {
                setPreferences({ tourSeen: false });
                showSection('chats');
              }}
            >
              {t('tour.show')}
            </Button>
          </Row>
        </Group>
      ) : null}
      {shown.length === 0 ? (
        <p className="t3 page-note" role="status">
          {t('settings.noShortcut', { query })}
        </p>
      ) : null}
    </>
  );
}

function keysOf({ keys, macKeys }: ShortcutEntry): readonly string[] {
  return bridge().boot.platform === 'darwin' ? (macKeys ?? keys) : keys;
}

/** Key caps for the eye, words for the ear. */
function Keys({ entry }: { readonly entry: ShortcutEntry }) {
  const keys = keysOf(entry);
  return (
    <span className="row shortcut-keys">
      <span className="vh">{keys.map(shortcutText).join(', ')}</span>
      {keys.map((each) => (
        <Kbd key={each} keys={each} />
      ))}
    </span>
  );
}
