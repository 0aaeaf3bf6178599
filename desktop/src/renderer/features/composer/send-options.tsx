/** The menu beside Send: send later, or drop the message when it could not be sent in time. */
import { CalendarClock, ChevronDown, Clock, Hourglass } from 'lucide-react';
import { useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { formatComing } from '../../lib/format.ts';
import { timeOf, type TimeChoice } from '../../lib/times.ts';
import { IconButton } from '../../ui/button.tsx';
import { AnchoredMenu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { TimeDialog } from '../../ui/time-dialog.tsx';

/** How a message goes when not at once and not for ever. */
export type SendHow =
  { readonly kind: 'schedule'; readonly atMs: number } | { readonly kind: 'dropBy'; readonly atMs: number };

const choices: readonly TimeChoice[] = ['inOneHour', 'tomorrow', 'monday'];

/** The arrow with its menu and the dialogs behind it. */
export function SendOptions({
  isDisabled,
  field,
  onSend,
}: {
  readonly isDisabled: boolean;
  /** Gets the focus back when the message is on its way. */
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly onSend: (how: SendHow) => void;
}) {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<Element | null>(null);
  const [asked, setAsked] = useState<SendHow['kind'] | null>(null);
  const send = (how: SendHow) => {
    setAsked(null);
    onSend(how);
    field.current?.focus();
  };
  const nowMs = Date.now();
  return (
    <>
      <IconButton
        label={t('later.options')}
        tooltipSide="top"
        aria-haspopup="menu"
        disabled={isDisabled}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <ChevronDown className="i i16" />
      </IconButton>
      <AnchoredMenu
        anchor={anchor}
        label={t('later.options')}
        side="top"
        align="end"
        onClose={() => setAnchor(null)}
      >
        {choices.map((choice) => {
          const atMs = timeOf(choice, nowMs);
          return (
            <MenuItem
              key={choice}
              icon={<Clock className="i i16" />}
              note={formatComing(atMs, nowMs)}
              onSelect={() => send({ kind: 'schedule', atMs: timeOf(choice, Date.now()) })}
            >
              {t(`later.${choice}`)}
            </MenuItem>
          );
        })}
        <MenuItem icon={<CalendarClock className="i i16" />} onSelect={() => setAsked('schedule')}>
          {t('later.custom')}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Hourglass className="i i16" />} onSelect={() => setAsked('dropBy')}>
          {t('later.dropBy')}
        </MenuItem>
      </AnchoredMenu>
      <TimeDialog
        isOpen={asked === 'schedule'}
        title={t('later.customTitle')}
        lead={t('later.customLead')}
        confirmLabel={t('later.schedule')}
        onClose={() => setAsked(null)}
        onChoose={(atMs) => send({ kind: 'schedule', atMs })}
      />
      <TimeDialog
        isOpen={asked === 'dropBy'}
        title={t('later.dropByTitle')}
        lead={t('later.dropByLead')}
        confirmLabel={t('later.sendDropBy')}
        onClose={() => setAsked(null)}
        onChoose={(atMs) => send({ kind: 'dropBy', atMs })}
      />
    </>
  );
}
