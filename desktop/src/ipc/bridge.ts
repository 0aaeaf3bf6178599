/**
 * The bridge: the only door between renderer and main, `window.curlew`. Owns the IPC channel names and the shape the
 * preload exposes. Nothing else of Electron reaches the renderer.
 */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { ViewChange, ViewState } from './feed.ts';
import type { IntentAnswer, IntentName, IntentRequest } from './intents.ts';
import type { Preferences, ViewName, ViewParams, ViewTypes } from './views.ts';

/** IPC channels. `invoke` ones answer a Result; `changed` and `command` are pushed to the window. */
export const channels = {
  intent: 'curlew:intent',
  openView: 'curlew:view.open',
  closeView: 'curlew:view.close',
  viewsChanged: 'curlew:view.changed',
  command: 'curlew:command',
} as const;

/** A freshly opened view: later changes carry version + 1, + 2, … */
export interface OpenedView<V extends ViewName> {
  readonly viewId: number;
  readonly version: number;
  readonly state: ViewState<ViewTypes[V]['row'], ViewTypes[V]['meta']>;
}

/** What main asks of a window: a menu item, a tray click or a notification was used. */
export type WindowCommand =
  | {
      readonly name: 'showConversation';
      readonly conversationId: string;
      readonly messageId?: string | undefined;
      readonly focusComposer: boolean;
    }
  | {
      readonly name: 'showSection';
      readonly section: 'chats' | 'linked' | 'announcements' | 'people' | 'outbox' | 'settings';
    }
  | { readonly name: 'newConversation' }
  /** A notification is to be heard. */
  | { readonly name: 'playSound'; readonly sound: 'tide' | 'drop' }
  /** A link asked for the conversation of an item of another system; `create`: what one would be made of. */
  | {
      readonly name: 'openItem';
      readonly type: string;
      readonly id: string;
      readonly orgId: string | null;
      readonly create: { readonly title: string; readonly url: string } | null;
    }
  /** A link brought an invitation to an organization of a server. */
  | { readonly name: 'openInvitation'; readonly code: string; readonly serverUrl: string }
  /** A link into the app that cannot be read. */
  | { readonly name: 'badLink' };

/** Facts the renderer needs before its first paint. */
export interface BootFacts {
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly preferences: Preferences;
  readonly systemPrefersDark: boolean;
  readonly systemPrefersContrast: boolean;
  readonly systemPrefersReducedMotion: boolean;
  readonly locale: string;
}

/** `window.curlew`. */
export interface Bridge {
  readonly boot: BootFacts;
  invoke<I extends IntentName>(
    name: I,
    request: IntentRequest<I>,
  ): Promise<Result<IntentAnswer<I>, ErrorBody>>;
  openView<V extends ViewName>(name: V, params: ViewParams<V>): Promise<Result<OpenedView<V>, ErrorBody>>;
  closeView(viewId: number): void;
  /** Changes that belong together come together, so that they are drawn together. */
  onViewsChanged(listener: (changes: readonly ViewChange[]) => void): () => void;
  onCommand(listener: (command: WindowCommand) => void): () => void;
}
