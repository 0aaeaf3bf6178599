import { ArrowLeft, RotateCcw } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorBody, ErrorCode } from '@curlew/shared/protocol/errors.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { invitation, type Invitation } from '../../lib/invitation.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { PasswordField, TextField } from '../../ui/field.tsx';
import { AuthHead } from './auth-head.tsx';
import { passwordStrength, type Strength } from './password-strength.ts';
import { ServerAddress } from './server-address.tsx';
import { ErrorDetails } from './sign-in-form.tsx';
import type { ServerField } from './use-server.ts';

/** Which field an error belongs to; anything else stands under the form. */
const fieldOf: Partial<Record<ErrorCode, 'email' | 'password' | 'setupCode' | 'inviteCode'>> = {
  EMAIL_TAKEN: 'email',
  PASSWORD_WEAK: 'password',
  SETUP_CODE_WRONG: 'setupCode',
  INVITE_INVALID: 'inviteCode',
};

/** Two steps: the server, then about you. */
export function CreateForm({
  server,
  invited,
  onSignIn,
}: {
  readonly server: ServerField;
  /** Came by a link: nothing of it has to be typed. */
  readonly invited: Invitation | null;
  readonly onSignIn: () => void;
}) {
  const { t } = useTranslation();
  const [isAboutYou, setAboutYou] = useState(invited !== null);
  const info = server.status.kind === 'found' ? server.status.info : null;
  if (isAboutYou && info) {
    return (
      <AboutYou
        server={server}
        needsSetup={info.needsSetup}
        serverUrl={info.serverUrl}
        invited={invited}
        onBack={() => setAboutYou(false)}
        onSignIn={onSignIn}
      />
    );
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (info || (await server.probe())) setAboutYou(true);
  };
  const isFailed = server.status.kind === 'failed';
  return (
    <form className="auth-f" onSubmit={(event) => void submit(event)} noValidate>
      <AuthHead title={t('auth.createTitle')} lead={t('auth.step1')} />
      <ServerAddress server={server} />
      <Button
        tone="primary"
        size="large"
        isWide
        submits
        disabled={server.status.kind === 'checking' || server.address.trim() === ''}
      >
        {isFailed ? <RotateCcw className="i i16" aria-hidden="true" /> : null}
        {t(isFailed ? 'app.tryAgain' : 'auth.continue')}
      </Button>
      {server.status.kind === 'failed' ? <ErrorDetails error={server.status.error} /> : null}
      <HaveAccount onSignIn={onSignIn} />
    </form>
  );
}

function HaveAccount({ onSignIn }: { readonly onSignIn: () => void }) {
  const { t } = useTranslation();
  return (
    <p className="s13 t2 auth-switch">
      {t('auth.haveAccount')} <LinkButton onClick={onSignIn}>{t('auth.signIn')}</LinkButton>
    </p>
  );
}

interface AboutYouProps {
  readonly server: ServerField;
  readonly serverUrl: string;
  /** The first account of a server: asks for the set-up code and names the organization. */
  readonly needsSetup: boolean;
  readonly invited: Invitation | null;
  readonly onBack: () => void;
  readonly onSignIn: () => void;
}

function AboutYou({ server, serverUrl, needsSetup, invited, onBack, onSignIn }: AboutYouProps) {
  const { t } = useTranslation();
  // A server that is being set up asks for another code.
  const givenCode = needsSetup ? '' : (invited?.code ?? '');
  const [values, setValues] = useState({ name: '', email: '', password: '', code: givenCode, orgName: '' });
  const [error, setError] = useState<ErrorBody | null>(null);
  const [isBusy, setBusy] = useState(false);
  const set = (change: Partial<typeof values>) => {
    setValues((now) => ({ ...now, ...change }));
    setError(null);
  };
  const isComplete =
    values.name.trim() !== '' &&
    values.email.trim() !== '' &&
    values.password !== '' &&
    values.code.trim() !== '' &&
    (!needsSetup || values.orgName.trim() !== '');

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy || !isComplete) return;
    setBusy(true);
    // Used with the account: nobody is asked about it once more when the window opens.
    const used = invitation.get();
    invitation.set(null);
    const code = values.code.trim();
    const result = await invoke('session.createAccount', {
      serverUrl,
      name: values.name.trim(),
      email: values.email.trim(),
      password: values.password,
      ...(needsSetup ? { setupCode: code, orgName: values.orgName.trim() } : { inviteCode: code }),
    });
    setBusy(false);
    if (result.ok) return;
    setError(result.error);
    invitation.set((newer) => newer ?? used);
  };
  const field = error ? fieldOf[error.code] : undefined;
  const errorOf = (name: string) => (error && field === name ? errorText(error) : null);
  return (
    <form className="auth-f" onSubmit={(event) => void submit(event)} noValidate>
      <AuthHead
        title={t('auth.createTitle')}
        lead={t(givenCode === '' ? 'auth.step2' : 'invitation.createLead')}
      />
      <ServerAddress server={server} />
      <TextField
        label={t('auth.name')}
        name="name"
        autoComplete="name"
        autoFocus
        value={values.name}
        help={<div className="help">{t('auth.nameHelp')}</div>}
        onChange={(event) => set({ name: event.target.value })}
      />
      <TextField
        label={t('auth.workEmail')}
        type="email"
        name="email"
        autoComplete="username"
        spellCheck={false}
        value={values.email}
        error={errorOf('email')}
        onChange={(event) => set({ email: event.target.value })}
      />
      <PasswordField
        label={t('auth.password')}
        name="password"
        autoComplete="new-password"
        value={values.password}
        error={errorOf('password')}
        help={<StrengthBar password={values.password} />}
        onChange={(event) => set({ password: event.target.value })}
      />
      <TextField
        label={t(needsSetup ? 'auth.setupCode' : 'auth.inviteCode')}
        labelNote={needsSetup ? undefined : t('auth.inviteRequired')}
        name="code"
        isMono
        autoComplete="off"
        spellCheck={false}
        value={values.code}
        error={errorOf(needsSetup ? 'setupCode' : 'inviteCode')}
        help={needsSetup ? <div className="help">{t('auth.setupHelp')}</div> : null}
        onChange={(event) => set({ code: event.target.value })}
      />
      {needsSetup ? (
        <TextField
          label={t('auth.orgName')}
          name="organization"
          autoComplete="organization"
          value={values.orgName}
          onChange={(event) => set({ orgName: event.target.value })}
        />
      ) : null}
      {error && !field ? (
        <div className="help err" role="alert">
          <span>{errorText(error)}</span>
        </div>
      ) : null}
      <div className="row">
        <Button tone="quiet" size="large" onClick={onBack}>
          <ArrowLeft className="i i16" aria-hidden="true" />
          {t('auth.back')}
        </Button>
        <Button tone="primary" size="large" grows submits disabled={isBusy || !isComplete}>
          {t(isBusy ? 'auth.busy' : 'auth.createAccount')}
        </Button>
      </div>
      {invited ? <HaveAccount onSignIn={onSignIn} /> : null}
    </form>
  );
}

const steps: readonly Strength[] = ['weak', 'fair', 'good', 'strong'];

function StrengthBar({ password }: { readonly password: string }) {
  const { t } = useTranslation();
  const strength = passwordStrength(password);
  const filled = password === '' ? 0 : steps.indexOf(strength) + 1;
  return (
    <>
      <div className={`strength ${strength}`} aria-hidden="true">
        {steps.map((step, at) => (
          <span key={step} className={at < filled ? 'on' : undefined} />
        ))}
      </div>
      <div className="help">
        {password === '' ? null : `${t(`auth.strength.${strength}`)} `}
        {t('auth.passwordHelp')}
      </div>
    </>
  );
}
