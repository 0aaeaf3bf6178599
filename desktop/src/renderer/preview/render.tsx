/** Renders a component for tests with everything a component may expect around it: texts, bridge, providers. */
import { render, type RenderResult } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterAll } from 'vitest';
import { startI18n } from '../i18n/index.ts';
import { announcements } from '../lib/announcer.ts';
import { composeTargets } from '../lib/compose-target.ts';
import { setLocale } from '../lib/format.ts';
import { invitation } from '../lib/invitation.ts';
import { resetLiveViews } from '../lib/live-view.ts';
import { resetNavigation } from '../lib/navigation.ts';
import { resetScope } from '../lib/scope.ts';
import { currentToast } from '../lib/toast.ts';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { FakeBridge, type IntentHandler } from './fake-bridge.ts';
import { makeWorld, worldSource, type World } from './world.ts';

// A view closes a moment after its last user is gone; the window of a finished file is gone by then.
afterAll(resetLiveViews);

/** A fake account and the bridge over it, installed in the window. */
export function installWorld(handle?: IntentHandler): { world: World; fake: FakeBridge } {
  resetLiveViews();
  localStorage.clear();
  resetNavigation();
  resetScope();
  composeTargets.set({});
  announcements.set({ polite: '', assertive: '' });
  currentToast.set(null);
  invitation.set(null);
  const world = makeWorld(Date.now());
  const fake = new FakeBridge(worldSource(world), handle);
  window.curlew = fake;
  // jsdom knows neither; components only ask them for comfort.
  window.matchMedia ??= (media) =>
    Object.assign(new EventTarget(), { matches: false, media }) as MediaQueryList;
  globalThis.ResizeObserver ??= class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  };
  setLocale('en-GB');
  startI18n();
  return { world, fake };
}

/** Renders inside the providers of the app. */
export function renderUi(ui: ReactNode): RenderResult {
  return render(ui, { wrapper: TooltipProvider });
}
