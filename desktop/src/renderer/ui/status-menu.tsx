import { useTranslation } from 'react-i18next';
import { invoke } from '../lib/bridge.ts';
import { showToast } from '../lib/toast.ts';
import { PresenceDot, type PresenceState } from './avatar.tsx';
import { AnchoredMenu, MenuRadios, type MenuAnchor } from './menu.tsx';

const choices = ['online', 'away', 'dnd'] as const;

/** Chooses the own presence; works offline and is sent later. */
export function StatusMenu({
  anchor,
  current,
  onClose,
}: {
  readonly anchor: MenuAnchor | null;
  readonly current: PresenceState;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const choose = async (state: (typeof choices)[number]) => {
    onClose();
    const result = await invoke('account.setStatus', {
      state: state === 'online' ? null : state,
      untilMs: null,
    });
    if (!result.ok) showToast({ text: result.error.message });
  };
  return (
    <AnchoredMenu anchor={anchor} label={t('nav.setStatus')} side="right" align="end" onClose={onClose}>
      <MenuRadios
        value={current === 'offline' ? 'online' : current}
        options={choices.map((value) => ({
          value,
          label: t(`presence.${value}`),
          icon: (
            <span className={`status-dot ${value}`}>
              <PresenceDot state={value} inline />
            </span>
          ),
        }))}
        onChange={(value) => void choose(value)}
      />
    </AnchoredMenu>
  );
}
