/**
 * A bridge without Electron, for component tests and for looking at screens in a browser. Keeps to the contract: views
 * are numbered snapshots with patches, intents answer Results. Never part of the app's bundle.
 */
import type { Bridge, BootFacts, OpenedView, WindowCommand } from '../../ipc/bridge.ts';
import { diffStates, type ViewChange, type ViewState } from '../../ipc/feed.ts';
import type { IntentName, IntentRequest } from '../../ipc/intents.ts';
import { defaultNotificationSettings } from '../../ipc/notifications.ts';
import type { Preferences, ViewName, ViewParams, ViewTypes } from '../../ipc/views.ts';
import { ok, type Result } from '@curlew/shared/lib/result.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';

type AnyState = ViewState<unknown, unknown>;
/** Computes the state of a view from whatever world the test built. */
export type ViewSource = <V extends ViewName>(
  name: V,
  params: ViewParams<V>,
) => ViewState<ViewTypes[V]['row'], ViewTypes[V]['meta']>;
/** Answers an intent; undefined means an empty success. */
export type IntentHandler = (name: IntentName, request: unknown) => Result<unknown, ErrorBody> | undefined;

/** Preferences a new device starts with, its tour behind it. */
export const defaultPreferences: Preferences = {
  theme: 'light',
  contrast: 'normal',
  density: 'comfortable',
  motion: 'system',
  messageScale: 1,
  sendWith: 'enter',
  language: 'system',
  notificationLevel: defaultNotificationSettings.level,
  notificationPreview: 'full',
  notificationSound: 'tide',
  badge: true,
  quietHours: defaultNotificationSettings.quietHours,
  closeToTray: true,
  startAtLogin: false,
  startHidden: true,
  linkPreviews: true,
  showShortcut: false,
  spelling: 'system',
  spellingLanguages: [],
  tourSeen: true,
};

interface OpenView {
  readonly name: ViewName;
  readonly params: unknown;
  version: number;
  state: AnyState;
}

/** Counts over all bridges: a view that a window of an earlier test closes late must not be one of this test. */
let nextViewId = 1;

/** The fake; `calls` lists every intent in order. */
export class FakeBridge implements Bridge {
  readonly boot: BootFacts;
  readonly calls: { readonly name: IntentName; readonly request: unknown }[] = [];
  readonly #source: ViewSource;
  readonly #handle: IntentHandler;
  readonly #open = new Map<number, OpenView>();
  readonly #listeners = new Set<(changes: readonly ViewChange[]) => void>();
  readonly #commands = new Set<(command: WindowCommand) => void>();

  constructor(source: ViewSource, handle: IntentHandler = () => undefined, preferences = defaultPreferences) {
    this.#source = source;
    this.#handle = handle;
    this.boot = {
      platform: 'linux',
      preferences,
      systemPrefersDark: false,
      systemPrefersContrast: false,
      systemPrefersReducedMotion: false,
      locale: 'en-GB',
    };
  }

  invoke: Bridge['invoke'] = async (name, request) => {
    this.calls.push({ name, request });
    const answer = this.#handle(name, request) ?? ok({});
    return answer as Awaited<ReturnType<Bridge['invoke']>> as never;
  };

  openView: Bridge['openView'] = async <V extends ViewName>(name: V, params: ViewParams<V>) => {
    const viewId = nextViewId++;
    const state = this.#source(name, params);
    this.#open.set(viewId, { name, params, version: 1, state });
    const opened: OpenedView<V> = { viewId, version: 1, state };
    return ok(opened);
  };

  closeView: Bridge['closeView'] = (viewId) => {
    this.#open.delete(viewId);
  };

  onViewsChanged: Bridge['onViewsChanged'] = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  onCommand: Bridge['onCommand'] = (listener) => {
    this.#commands.add(listener);
    return () => this.#commands.delete(listener);
  };

  /** Recomputes every open view and sends what changed. */
  refresh(): void {
    const changes: ViewChange[] = [];
    for (const [viewId, view] of this.#open) {
      const next: AnyState = this.#source(view.name, view.params as never);
      const patch = diffStates(view.state, next);
      if (!patch) continue;
      view.state = next;
      view.version += 1;
      changes.push({ viewId, version: view.version, patch });
    }
    if (changes.length > 0) for (const listener of this.#listeners) listener(changes);
  }

  /** Sends a command as main would. */
  command(command: WindowCommand): void {
    for (const listener of this.#commands) listener(command);
  }

  /** Requests of one intent so far. */
  requests<I extends IntentName>(name: I): IntentRequest<I>[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.request as IntentRequest<I>);
  }
}
