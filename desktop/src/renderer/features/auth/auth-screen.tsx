/**
 * Sign in and create account. Owns the frame of both and which one shows; the forms own their fields. Passwords live in
 * the fields alone and leave with the one intent that needs them.
 */
import './auth.css';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BackToAccounts } from './back-to-accounts.tsx';
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
export function AuthScreen({ lastServerUrl, known }: AuthScreenProps) {
  const { t } = useTranslation();
  const [isCreating, setCreating] = useState(false);
  const server = useServer(lastServerUrl);
  return (
    <div className="auth">
      <main className="auth-l">
        {isCreating ? (
          <CreateForm server={server} onSignIn={() => setCreating(false)} />
        ) : (
          <SignInForm server={server} known={known} onCreate={() => setCreating(true)} />
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
