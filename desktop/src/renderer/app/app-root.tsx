/** Root of the app: providers, the frame, and which of its three faces shows (no session, starting, signed in). */
import './frame.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionMeta } from '../../ipc/views.ts';
import { resetDrafts } from '../features/composer/draft-keeper.ts';
import { ConnectionChip } from '../features/connection/connection-chip.tsx';
import { navigation, openDialog, resetNavigation } from '../lib/navigation.ts';
import { resetScope } from '../lib/scope.ts';
import { useStore } from '../lib/store.ts';
import { applyTheme, currentSystemFacts, themeAttributes, watchSystemFacts } from '../lib/theme.ts';
import { useMeta } from '../lib/use-view.ts';
import { LiveRegions } from '../ui/live-regions.tsx';
import { ToastHost } from '../ui/toast-host.tsx';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { AuthScreen } from './pages.ts';
import { TitleBar } from './title-bar.tsx';
import { Workspace } from './workspace.tsx';
// Last, so that it wins over the panes' own rules.
import './responsive.css';

/** Everything in the window. */
export function AppRoot() {
  return (
    <CSPProvider disableStyleElements>
      <TooltipProvider>
        <div className="win">
          <ErrorBoundary>
            <Window />
          </ErrorBoundary>
        </div>
        <ToastHost />
        <LiveRegions />
      </TooltipProvider>
    </CSPProvider>
  );
}

function Window() {
  const session = useMeta('session', {});
  useTheme();
  const isActive = session?.state === 'active';
  return (
    <>
      <TitleBar>{isActive ? <ConnectionChip /> : null}</TitleBar>
      <Suspense fallback={<div className="app" aria-busy="true" />}>
        <Face session={session} />
      </Suspense>
    </>
  );
}

function Face({ session }: { readonly session: SessionMeta | null }) {
  const dialog = useStore(navigation, (value) => value.dialog);
  const state = session?.state;
  useEffect(() => {
    // Nothing of one account may stand in the fields of the next.
    if (state === 'none') {
      resetNavigation();
      resetScope();
      resetDrafts();
    }
  }, [state]);
  if (!session || session.state === 'starting') return <div className="app" aria-busy="true" />;
  if (session.state === 'none') return <AuthScreen key="none" lastServerUrl={session.lastServerUrl} />;
  if (dialog === 'signIn') {
    return (
      <AuthScreen
        key="again"
        lastServerUrl={session.serverUrl}
        known={{ email: session.email, onOpenOffline: () => openDialog(null) }}
      />
    );
  }
  return <Workspace key={session.accountId} session={session} />;
}

/** Keeps the theme attributes in step with preferences and system. */
function useTheme(): void {
  const preferences = useMeta('preferences', {});
  const { i18n } = useTranslation();
  useEffect(() => {
    if (!preferences) return undefined;
    const apply = () => applyTheme(themeAttributes(preferences, currentSystemFacts()));
    apply();
    return watchSystemFacts(apply);
  }, [preferences]);
  useEffect(() => {
    document.documentElement.dir = i18n.dir();
  }, [i18n]);
}
