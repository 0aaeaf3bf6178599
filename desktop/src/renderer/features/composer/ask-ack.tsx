/** What the writer of an announcement chooses for each anew: that readers acknowledge it, and that it is urgent. */
import { Siren, SquareCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/button.tsx';

/** Whether the message that is being written has it. */
export interface AskAck {
  readonly isOffered: boolean;
  readonly isOn: boolean;
  readonly set: (on: boolean) => void;
}

/** The choice for a place; another place starts without it. */
export function useAskAck(place: string, isOffered: boolean): AskAck {
  const [askedIn, setAskedIn] = useState<string | null>(null);
  return {
    isOffered,
    isOn: isOffered && askedIn === place,
    set: (on) => setAskedIn(on ? place : null),
  };
}

/** The button beside the field. */
export function AskAckButton({ ask }: { readonly ask: AskAck }) {
  const { t } = useTranslation();
  if (!ask.isOffered) return null;
  return (
    <IconButton
      label={t('ack.ask')}
      tooltipSide="top"
      isOn={ask.isOn}
      aria-pressed={ask.isOn}
      onClick={() => ask.set(!ask.isOn)}
    >
      <SquareCheck className="i" />
    </IconButton>
  );
}

/** What stands above the field while it is chosen. */
export function AskAckNote({ ask }: { readonly ask: AskAck }) {
  const { t } = useTranslation();
  if (!ask.isOn) return null;
  return (
    <div className="ack-note" role="status">
      <SquareCheck className="i i14" aria-hidden="true" />
      {t('ack.asking')}
    </div>
  );
}

/** The button that makes it urgent. */
export function UrgentButton({ urgent }: { readonly urgent: AskAck }) {
  const { t } = useTranslation();
  if (!urgent.isOffered) return null;
  return (
    <IconButton
      label={t('urgent.choose')}
      tooltipSide="top"
      isOn={urgent.isOn}
      aria-pressed={urgent.isOn}
      onClick={() => urgent.set(!urgent.isOn)}
    >
      <Siren className="i" />
    </IconButton>
  );
}

/** What stands above the field while it is. */
export function UrgentNote({ urgent }: { readonly urgent: AskAck }) {
  const { t } = useTranslation();
  if (!urgent.isOn) return null;
  return (
    <div className="ack-note" role="status">
      <Siren className="i i14" aria-hidden="true" />
      {t('urgent.chosen')}
    </div>
  );
}
