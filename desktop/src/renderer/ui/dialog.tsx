/**
 * Dialogs. Own the frame, title and focus rules: a plain dialog starts at its first field, a question about something
 * that cannot be undone is an `alertdialog` and starts at the safe button. Esc closes, focus returns to the opener.
 */
import './overlay.css';
import { AlertDialog as BaseAlert } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef, type ReactNode, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { lastPlace } from '../lib/last-place.ts';
import { Button, IconButton } from './button.tsx';

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly initialFocus?: RefObject<HTMLElement | null> | undefined;
  readonly width?: 'normal' | 'wide' | undefined;
  readonly children: ReactNode;
}

/** A dialog with a title and a close button. */
export function Dialog({ isOpen, onClose, title, initialFocus, width = 'normal', children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Viewport className="dlg-view">
          <Base.Popup
            className={`dlg${width === 'wide' ? ' wide' : ''}`}
            finalFocus={lastPlace}
            {...(initialFocus ? { initialFocus } : {})}
          >
            <div className="dh">
              <Base.Title className="grow">{title}</Base.Title>
              <Base.Close
                render={
                  <IconButton label={t('app.close')}>
                    <X className="i" />
                  </IconButton>
                }
              />
            </div>
            {children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

interface ConfirmProps {
  readonly isOpen: boolean;
  readonly title: string;
  readonly body?: ReactNode;
  /** The safe answer; gets the focus. */
  readonly safeLabel: string;
  readonly dangerLabel: string;
  readonly onSafe: () => void;
  readonly onDanger: () => void;
  /** A third way, between the safe and the final answer. */
  readonly between?: { readonly label: string; readonly onChoose: () => void } | undefined;
}

/** A question before something that cannot be undone. */
export function Confirm(props: ConfirmProps) {
  const { isOpen, title, body, safeLabel, dangerLabel, onSafe, onDanger, between } = props;
  const safeButton = useRef<HTMLButtonElement>(null);
  return (
    <BaseAlert.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onSafe())}>
      <BaseAlert.Portal>
        <BaseAlert.Backdrop className="scrim" />
        <BaseAlert.Viewport className="dlg-view">
          <BaseAlert.Popup className="dlg" initialFocus={safeButton} finalFocus={lastPlace}>
            <BaseAlert.Title className="dh">{title}</BaseAlert.Title>
            <BaseAlert.Description className="db" render={<div />}>
              {body}
            </BaseAlert.Description>
            <div className="df">
              <Button ref={safeButton} onClick={onSafe}>
                {safeLabel}
              </Button>
              {between ? <Button onClick={between.onChoose}>{between.label}</Button> : null}
              <Button tone="danger" onClick={onDanger}>
                {dangerLabel}
              </Button>
            </div>
          </BaseAlert.Popup>
        </BaseAlert.Viewport>
      </BaseAlert.Portal>
    </BaseAlert.Root>
  );
}
