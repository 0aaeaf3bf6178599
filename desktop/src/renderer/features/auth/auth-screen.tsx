/**
 * Sign in and create account. Owns the frame of both and which one shows; the forms own their fields. Passwords live in
 * the fields alone and leave with the one intent that needs them.
 */
import './auth.css';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BackToAccounts } from './back-to-accounts.tsx';
import { invitation, type Invitation } from '../../lib/invitation.ts';
import { useStore } from '../../lib/store.ts';
import { CreateForm } from './create-form.tsx';
import { NetworkButton } from './network-button.tsx';
import { Scene } from './scene.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { useServer } from './use-server.ts';

interface AuthScreenProps {
  readonly lastServerUrl: string | null;
  /** Signing in again to an account that is still on this computer. */
  readonly known?: { readonly email: string; readonly onOpenOffline: () => void } | undefined;
}

/** The screen without a session. */
export function AuthScreen(props: AuthScreenProps) {
  const arrived = useStore(invitation, (value) => value);
  // What came by a link stays filled in while it is being used.
  const [invited, setInvited] = useState(arrived);
  if (arrived !== null && arrived !== invited) setInvited(arrived);
  // Signing in again is about the account that is here; the invitation waits.
  const filledIn = props.known ? null : invited;
  const key = filledIn && `${filledIn.serverUrl} ${filledIn.code}`;
  return <Forms key={key} {...props} invited={filledIn} />;
}

function Forms({ lastServerUrl, known, invited }: AuthScreenProps & { readonly invited: Invitation | null }) {
  const { t } = useTranslation();
  const [isCreating, setCreating] = useState(invited !== null);
  const server = useServer(invited?.serverUrl ?? lastServerUrl);
  return (
    <div className="auth">
      <main className="auth-l">
        {isCreating ? (
          <CreateForm server={server} invited={invited} onSignIn={() => setCreating(false)} />
        ) : (
          <SignInForm
            server={server}
            known={known}
            isInvited={invited !== null}
            onCreate={() => setCreating(true)}
          />
        )}
        {known ? null : <BackToAccounts />}
        <NetworkButton server={server} />
      </main>
      <aside className="auth-r">
        <Scene />
        <div className="auth-copy">
          <p>{t(isCreating ? 'auth.sideCreate' : 'auth.sideSignIn')}</p>
        </div>
      </aside>
    </div>
  );
}
