import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { showToast } from '../../lib/toast.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PasswordField } from '../../ui/field.tsx';

/** Changes the password; needs the current one and the network. */
export function PasswordDialog({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const first = useRef<HTMLInputElement>(null);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [error, setError] = useState<ErrorBody | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    setCurrent('');
    setNext('');
    setError(null);
  }, [isOpen]);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    const result = await invoke('account.changePassword', { currentPassword: current, newPassword: next });
    setBusy(false);
    if (!result.ok) {
      setError(result.error);
      return;
    }
    onClose();
    showToast({ text: t('settings.passwordSaved') });
  };
  const isNewWrong = error?.code === 'PASSWORD_WEAK';
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('settings.passwordTitle')} initialFocus={first}>
      <form onSubmit={(event) => void save(event)}>
        <div className="db form">
          <PasswordField
            ref={first}
            label={t('settings.currentPassword')}
            autoComplete="current-password"
            value={current}
            error={error && !isNewWrong ? errorText(error) : null}
            onChange={(event) => {
              setCurrent(event.target.value);
              setError(null);
            }}
          />
          <PasswordField
            label={t('settings.newPassword')}
            autoComplete="new-password"
            value={next}
            error={isNewWrong ? errorText(error) : null}
            help={<div className="help">{t('auth.passwordHelp')}</div>}
            onChange={(event) => {
              setNext(event.target.value);
              setError(null);
            }}
          />
        </div>
        <div className="df">
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button tone="primary" submits disabled={isBusy || current === '' || next === ''}>
            {t('settings.savePassword')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
