/** Notifications of an open account: what the decisions rest on, taken from its parts. */
import type { FromCore } from '../ipc/core-port.ts';
import type { NotificationSettings } from '../ipc/notifications.ts';
import type { AccountQueries } from './account-queries.ts';
import type { Attention } from './attention.ts';
import { Notifications } from './notifications.ts';
import type { Clock } from './ports.ts';
import type { Account } from './session/account-registry.ts';
import type { AccountStores } from './store/store-types.ts';
import type { SyncEngine } from './sync/sync-engine.ts';

/** The parts of an account that are needed. */
export interface NotificationParts {
  readonly account: Pick<Account, 'accountId' | 'userId'>;
  readonly stores: AccountStores;
  readonly engine: SyncEngine;
  readonly queries: AccountQueries;
  readonly ports: {
    readonly clock: Clock;
    readonly attention: Attention;
    notificationSettings(): NotificationSettings;
    post(message: FromCore): void;
  };
  newId(): string;
}

/** Makes them. */
export function createNotifications({ account, stores, engine, queries, ports, newId }: NotificationParts) {
  return new Notifications({
    accountId: account.accountId,
    userId: account.userId,
    queries,
    reader: stores.reader,
    decisions: stores.decisions,
    settings: () => ports.notificationSettings(),
    serverNowMs: () => engine.serverNowMs(),
    nowMs: () => ports.clock.nowMs(),
    ownReadSeq: (id) => stores.outbox.wantedReadSeq(id),
    isWatched: (id) => ports.attention.isWatched(id),
    isLive: () => engine.state.name === 'LIVE',
    isFirstSync: () => stores.meta.get('firstSyncDone') === null,
    newId,
    post: (message) => ports.post(message),
  });
}
