/** What a sync engine is given and what it tells. Owns those types; the behaviour is `sync-engine.ts`. */
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Clock, Log, Random, Timers } from '../ports.ts';
import type { TokenKeeper } from '../session/token-keeper.ts';
import type { ServerEvent, Transport } from '../transport/transport-types.ts';
import type { ConnectionIdentity } from './connection.ts';
import type { SyncState } from './sync-cells.ts';
import type { SyncStores, SyncTuning } from './sync-context.ts';

/** Events that are not part of a log, for whoever shows them. */
export type VolatileServerEvent = Extract<
  ServerEvent,
  { name: 'typing:start' | 'typing:stop' | 'user:online' | 'user:offline' | `presence:${string}` }
>;

/** How events came into the cache. */
export type CommitSource = 'push' | 'pull' | 'window';

/** What the engine tells the core. */
export interface SyncListener {
  stateChanged(state: SyncState): void;
  progressed(progress: { readonly done: number; readonly total: number } | null): void;
  /** Any word of the server arrived. */
  contacted(): void;
  /** The time is known better than before: after a sleep, or by the server's word. */
  timeLearned(): void;
  volatile(event: VolatileServerEvent): void;
  committed(logId: string, events: readonly Envelope[], source: CommitSource): void;
  /** Only a person can go on; `wipe` asks for this account's data to be removed. */
  signInNeeded(error: ErrorBody): void;
  /** The server lost something this device still had; it was offered again. */
  serverRestored(): void;
  setHistory(conversationId: string, state: 'loading' | 'failed'): void;
}

/** What an engine is made of. */
export interface SyncEngineOptions extends ConnectionIdentity {
  readonly userId: string;
  readonly stores: SyncStores;
  readonly transport: Transport;
  readonly tokens: TokenKeeper;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly tuning: SyncTuning;
  readonly listener: SyncListener;
  visibleConversations(): readonly string[];
}
