import { Info, RotateCcw } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { invoke, tell } from '../../lib/bridge.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { PasswordField, TextField } from '../../ui/field.tsx';
import { Note } from '../../ui/page.tsx';
import { AuthHead } from './auth-head.tsx';
import { ServerAddress } from './server-address.tsx';
import type { ServerField } from './use-server.ts';

interface SignInFormProps {
  readonly server: ServerField;
  readonly known: { readonly email: string; readonly onOpenOffline: () => void } | undefined;
  /** An invitation is answered after signing in. */
  readonly isInvited: boolean;
  readonly onCreate: () => void;
}

/** Server, email, password. The fields for the account show once the server answered. */
export function SignInForm({ server, known, isInvited, onCreate }: SignInFormProps) {
  const { t } = useTranslation();
  const [email, setEmail] = useState(known?.email ?? '');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<ErrorBody | null>(null);
  const [isBusy, setBusy] = useState(false);
  const passwordField = useRef<HTMLInputElement>(null);
  const { status } = server;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    if (status.kind !== 'found') {
      if (server.address.trim() !== '') await server.probe();
      return;
    }
    setBusy(true);
    const result = await invoke('session.signIn', {
      serverUrl: status.info.serverUrl,
      email: email.trim(),
      password,
    });
    setBusy(false);
    if (result.ok) {
      known?.onOpenOffline();
      return;
    }
    setError(result.error);
    passwordField.current?.focus();
  };

  return (
    <form className="auth-f" onSubmit={(event) => void submit(event)} noValidate>
      <AuthHead
        title={t(known ? 'auth.signInAgain' : 'auth.signIn')}
        lead={t(isInvited ? 'invitation.signInLead' : 'auth.signInLead')}
      />
      <ServerAddress server={server} />
      {status.kind === 'found' ? (
        <>
          <TextField
            label={t('auth.email')}
            type="email"
            name="email"
            autoComplete="username"
            spellCheck={false}
            autoFocus={!known}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <PasswordField
            ref={passwordField}
            label={t('auth.password')}
            name="password"
            autoComplete="current-password"
            autoFocus={known !== undefined}
            value={password}
            error={error?.message}
            onChange={(event) => {
              setPassword(event.target.value);
              setError(null);
            }}
          />
          <Button
            tone="primary"
            size="large"
            isWide
            submits
            disabled={isBusy || email.trim() === '' || password === ''}
          >
            {t(isBusy ? 'auth.busy' : 'auth.signIn')}
          </Button>
        </>
      ) : null}
      {known ? <OpenOffline onOpen={known.onOpenOffline} /> : null}
      {status.kind === 'failed' ? (
        <>
          <Button tone="primary" size="large" isWide submits>
            <RotateCcw className="i i16" aria-hidden="true" />
            {t('app.tryAgain')}
          </Button>
          <ErrorDetails error={status.error} />
        </>
      ) : status.kind !== 'found' ? (
        <Button
          tone="primary"
          size="large"
          isWide
          submits
          disabled={status.kind === 'checking' || server.address.trim() === ''}
        >
          {t('auth.continue')}
        </Button>
      ) : null}
      {known ? null : (
        <p className="s13 t2 auth-switch">
          {t('auth.newHere')} <LinkButton onClick={onCreate}>{t('auth.create')}</LinkButton>
        </p>
      )}
    </form>
  );
}

function OpenOffline({ onOpen }: { readonly onOpen: () => void }) {
  const { t } = useTranslation();
  return (
    <Note tone="inf" icon={<Info className="i" aria-hidden="true" />}>
      <b className="med">{t('auth.alreadyHere')}</b>
      <br />
      <span className="t2">{t('auth.cachedHere')}</span>{' '}
      <LinkButton onClick={onOpen}>{t('auth.openOffline')}</LinkButton>
    </Note>
  );
}

/** Code and detail under the sentence, for whoever helps. */
export function ErrorDetails({ error }: { readonly error: ErrorBody }) {
  const { t } = useTranslation();
  const text = error.detail ? `${error.code}: ${error.detail}` : error.code;
  return (
    <p className="s12 t3">
      {t('auth.error', { detail: text })}{' '}
      <LinkButton isSmall onClick={() => tell('app.copyText', { text })}>
        {t('app.copyDetails')}
      </LinkButton>
    </p>
  );
}
