import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import { invoke, tell } from '../../lib/bridge.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';

/** Makes an invitation and shows its code and link. */
export function InviteDialog({
  org,
  isOpen,
  onClose,
}: {
  readonly org: { readonly id: string; readonly name: string };
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [invite, setInvite] = useState<IntentAnswer<'invite.create'> | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    let isCurrent = true;
    setInvite(null);
    setError(null);
    void invoke('invite.create', { orgId: org.id }).then((result) => {
      if (!isCurrent) return;
      if (result.ok) setInvite(result.value);
      else setError(result.error.message);
    });
    return () => {
      isCurrent = false;
    };
  }, [isOpen, org.id]);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('people.inviteTitle', { name: org.name })}>
      <div className="db form">
        <p>{t('people.inviteBody')}</p>
        {error ? (
          <div className="help err" role="alert">
            {error}
          </div>
        ) : null}
        {invite ? (
          <>
            <TextField label={t('people.inviteCode')} value={invite.code} readOnly isMono />
            <TextField label={t('people.inviteLink')} value={invite.url} readOnly isMono />
          </>
        ) : null}
      </div>
      <div className="df">
        {invite ? (
          <>
            <Button onClick={() => tell('app.copyText', { text: invite.code })}>
              {t('people.copyCode')}
            </Button>
            <Button onClick={() => tell('app.copyText', { text: invite.url })}>{t('people.copyLink')}</Button>
          </>
        ) : null}
        <Button tone="primary" onClick={onClose}>
          {t('people.done')}
        </Button>
      </div>
    </Dialog>
  );
}
