/** Root of the app: providers, the frame, and which of its three faces shows (no session, starting, signed in). */
import './frame.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { DirectionProvider } from '@base-ui/react/direction-provider';
import { Suspense, useEffect, useState } from 'react';
import type { SessionMeta } from '../../ipc/views.ts';
import { resetDrafts } from '../features/composer/draft-keeper.ts';
import { ConnectionChip } from '../features/connection/connection-chip.tsx';
import { bridge } from '../lib/bridge.ts';
import { navigation, openDialog, resetNavigation } from '../lib/navigation.ts';
import { resetScope } from '../lib/scope.ts';
import { useStore } from '../lib/store.ts';
import { applySpeech } from '../lib/speech.ts';
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
  const locale = useSpeech();
  return (
    <CSPProvider disableStyleElements>
      <DirectionProvider direction={document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'}>
        <TooltipProvider>
          <div className="win">
            <ErrorBoundary>
              {/* What is drawn holds words and formatted times: in another language all of it is drawn anew. */}
              <Window key={locale} />
            </ErrorBoundary>
          </div>
          <ToastHost />
          <LiveRegions />
        </TooltipProvider>
      </DirectionProvider>
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
  useEffect(() => {
    if (!preferences) return undefined;
    const apply = () => applyTheme(themeAttributes(preferences, currentSystemFacts()));
    apply();
    return watchSystemFacts(apply);
  }, [preferences]);
}

/** Keeps the language in step with the preference. Returns the locale that is spoken. */
function useSpeech(): string {
  const chosen = useMeta('preferences', {})?.language;
  const [locale, setLocale] = useState(document.documentElement.lang);
  useEffect(() => {
    let isWanted = true;
    if (chosen) {
      const { locale: systemLocale } = bridge().boot;
      void applySpeech(chosen, systemLocale).then((spoken) => {
        if (isWanted) setLocale(spoken);
      });
    }
    return () => {
      isWanted = false;
    };
  }, [chosen]);
  return locale;
}
