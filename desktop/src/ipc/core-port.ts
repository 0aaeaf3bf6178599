/**
 * The core's port: messages between the main process and the core's worker thread. Owns everything the core gets from
 * outside (paths, keyring, network, power and window state) and gives back (answers, view changes, facts for tray
 * and notifications). Plain data only: it crosses a thread, or a pipe in tests.
 */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { ViewChange, ViewState } from './feed.ts';
import type { IntentName } from './intents.ts';
import type { NotificationFact, NotificationReport, NotificationSettings } from './notifications.ts';
import type { UnsentText } from './unsent.ts';
import type { ViewName } from './views.ts';

/** Given once at start. */
export interface CoreConfig {
  /** Folder for accounts; each gets `accounts/{accountId}/{outbox,cache}.db`. */
  readonly dataDir: string;
  readonly appVersion: string;
  /** Name of this device as others of mine see it. */
  readonly deviceName: string;
  /** Server address to offer first. */
  readonly defaultServerUrl: string | null;
  /** A server of a test that counts as public for link previews; absent in production. */
  readonly previewTestServer?:
    { readonly host: string; readonly address: string; readonly port: number } | undefined;
  /** Overrides for tests; absent in production. */
  readonly tuning?: Readonly<Record<string, number>> | undefined;
}

/** How to reach one URL: Node ignores Chromium's proxy and certificates, so main resolves them. */
export interface NetworkRoute {
  readonly proxy?:
    | {
        readonly type: 'http' | 'https' | 'socks5';
        readonly host: string;
        readonly port: number;
        readonly auth?: { readonly user: string; readonly password: string } | undefined;
      }
    | undefined;
  /** Extra certificate authorities, PEM. */
  readonly ca: readonly string[];
}

/** Questions the core asks main; each is answered by `portAnswer` with the same id. */
export type PortRequest =
  | { readonly port: 'keyring.get'; readonly account: string }
  | { readonly port: 'keyring.set'; readonly account: string; readonly secret: string }
  | { readonly port: 'keyring.delete'; readonly account: string }
  | { readonly port: 'network.forUrl'; readonly url: string }
  /** Asks the person where to, and keeps the texts there; false when they chose no place. */
  | { readonly port: 'unsent.save'; readonly texts: readonly UnsentText[] }
  /** Asks the person where to, and keeps a text there; false when they chose no place. */
  | { readonly port: 'file.save'; readonly name: string; readonly text: string }
  /** Asks the person where to, and makes a new folder of this name there; its path, or null when they chose no place. */
  | { readonly port: 'folder.make'; readonly name: string };

/** Answers by port. A missing keyring is the error KEYRING_MISSING, one that does not answer KEYRING_SILENT. */
export interface PortAnswers {
  'keyring.get': Result<string | null, ErrorBody>;
  'keyring.set': Result<null, ErrorBody>;
  'keyring.delete': Result<null, ErrorBody>;
  'network.forUrl': Result<NetworkRoute, ErrorBody>;
  'unsent.save': Result<boolean, ErrorBody>;
  'file.save': Result<boolean, ErrorBody>;
  'folder.make': Result<string | null, ErrorBody>;
}

/** State of the machine and the windows. */
export type EnvironmentEvent =
  | { readonly kind: 'networkUp' }
  | { readonly kind: 'networkDown' }
  /** Proxy or authorities were set otherwise: what is connected the old way connects anew. */
  | { readonly kind: 'routesChanged' }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'lockChanged'; readonly isLocked: boolean }
  | { readonly kind: 'notificationSettings'; readonly settings: NotificationSettings }
  | { readonly kind: 'windowFocusChanged'; readonly windowId: number; readonly isFocused: boolean }
  /** Out of sight (minimised, in the tray) a window is not told of changes; back in sight it is, once. */
  | { readonly kind: 'windowVisibilityChanged'; readonly windowId: number; readonly isVisible: boolean }
  | { readonly kind: 'windowClosed'; readonly windowId: number };

/** Main to core. */
export type ToCore =
  | { readonly type: 'start'; readonly config: CoreConfig }
  | {
      readonly type: 'intent';
      readonly id: number;
      readonly windowId: number;
      readonly name: IntentName;
      readonly request: unknown;
    }
  | {
      readonly type: 'openView';
      readonly id: number;
      readonly windowId: number;
      readonly view: ViewName;
      readonly params: unknown;
    }
  | { readonly type: 'closeView'; readonly windowId: number; readonly viewId: number }
  | { readonly type: 'environment'; readonly event: EnvironmentEvent }
  /** What became of notifications the core asked for. */
  | { readonly type: 'notified'; readonly reports: readonly NotificationReport[] }
  | { readonly type: 'portAnswer'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'stop' };

/** Core to main. */
export type FromCore =
  | { readonly type: 'ready' }
  | { readonly type: 'intentAnswer'; readonly id: number; readonly answer: Result<unknown, ErrorBody> }
  | {
      readonly type: 'viewOpened';
      readonly id: number;
      readonly answer: Result<{ viewId: number; version: number; state: ViewState }, ErrorBody>;
    }
  /** What one batch changed in the views of a window, at most one change per view. */
  | { readonly type: 'viewsChanged'; readonly windowId: number; readonly changes: readonly ViewChange[] }
  | { readonly type: 'portRequest'; readonly id: number; readonly request: PortRequest }
  | { readonly type: 'badge'; readonly unreadConversations: number }
  | { readonly type: 'notify'; readonly facts: readonly NotificationFact[] }
  | { readonly type: 'notificationsObsolete'; readonly conversationId: string }
  | {
      readonly type: 'log';
      readonly level: 'info' | 'warn' | 'error';
      readonly event: string;
      readonly fields: Readonly<Record<string, string | number | boolean | null>>;
    }
  | { readonly type: 'stopped' };
