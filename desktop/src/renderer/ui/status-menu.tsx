import { BellOff, MessageSquareText, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setOwnStatus, useOwnStatus } from '../lib/own-status.ts';
import { untilTimes } from '../../ipc/status-times.ts';
import { PresenceDot } from './avatar.tsx';
import { AnchoredMenu, MenuItem, MenuLine, MenuRadios, type MenuAnchor } from './menu.tsx';
import { StatusDialog } from './status-dialog.tsx';

const choices = ['online', 'away', 'dnd'] as const;

/** Chooses the own presence, for good or until a time; works offline and is sent later. */
export function StatusMenu({
  anchor,
  onClose,
}: {
  readonly anchor: MenuAnchor | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const status = useOwnStatus();
  const [isWriting, setWriting] = useState(false);
  const text = status?.text === undefined ? {} : { text: status.text };
  const choose = (state: (typeof choices)[number], untilMs: number | null) => {
    onClose();
    // A text stays as long as it would have; without one, online is what a connection shows by itself.
    const isPlain = state === 'online' && status?.text === undefined;
    const textUntilMs = status?.text === undefined ? null : status.untilMs;
    void setOwnStatus(isPlain ? null : { state, untilMs: untilMs ?? textUntilMs, ...text });
  };
  return (
    <>
      <AnchoredMenu anchor={anchor} label={t('nav.setStatus')} side="right" align="end" onClose={onClose}>
        <MenuRadios
          value={status?.state ?? 'online'}
          options={choices.map((value) => ({
            value,
            label: t(`presence.${value}`),
            icon: (
              <span className={`status-dot ${value}`}>
                <PresenceDot state={value} inline />
              </span>
            ),
          }))}
          onChange={(value) => choose(value, null)}
        />
        <MenuLine />
        {(['hour', 'tomorrow'] as const).map((time) => (
          <MenuItem
            key={time}
            icon={<BellOff className="i i16" aria-hidden="true" />}
            onSelect={() => choose('dnd', untilTimes[time](Date.now()))}
          >
            {t(`status.quiet.${time}`)}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem
          icon={<MessageSquareText className="i i16" aria-hidden="true" />}
          onSelect={() => {
            onClose();
            setWriting(true);
          }}
        >
          {t('status.write')}
        </MenuItem>
        {status?.text === undefined ? null : (
          <MenuItem
            icon={<X className="i i16" aria-hidden="true" />}
            onSelect={() => {
              onClose();
              void setOwnStatus(
                status.state === 'online' ? null : { state: status.state, untilMs: status.untilMs },
              );
            }}
          >
            {t('status.clear')}
          </MenuItem>
        )}
      </AnchoredMenu>
      <StatusDialog isOpen={isWriting} status={status} onClose={() => setWriting(false)} />
    </>
  );
}
