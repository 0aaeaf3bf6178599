/**
 * Notification facts: what deserves one is decided here, after the message is stored. Owns that decision and which
 * conversations have one standing. How it looks, and whether text is shown, is main's business.
 */
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { readEvent } from '@curlew/shared/domain/event.ts';
import type { FromCore, NotificationFact } from '../ipc/core-port.ts';
import type { AccountQueries } from './account-queries.ts';
import type { CacheReader } from './store/store-types.ts';

/** A message that arrives later than this is read in the list, not announced. */
export const MAX_AGE_MS = 5 * 60_000;

/** What the decision rests on. */
export interface NotificationPorts {
  readonly accountId: string;
  readonly userId: string;
  readonly queries: AccountQueries;
  readonly reader: CacheReader;
  serverNowMs(): number;
  isWatched(conversationId: string): boolean;
  post(message: FromCore): void;
}

/** See the file comment. */
export class Notifications {
  readonly #ports: NotificationPorts;
  /** Newest announced position per conversation. */
  readonly #standing = new Map<string, number>();

  constructor(ports: NotificationPorts) {
    this.#ports = ports;
  }

  /** Events were committed. After a gap (`pull`) a conversation gets one fact, for its newest message. */
  committed(logId: string, events: readonly Envelope[], source: 'push' | 'pull' | 'window'): void {
    const { queries, reader, isWatched, post } = this.#ports;
    const nowMs = this.#ports.serverNowMs();
    const log = reader.log(logId);
    if (!log || log.kind !== 'conversation' || isWatched(logId)) return;
    if (queries.isMuted(logId, nowMs) || queries.isQuiet(nowMs)) return;
    const facts = events.flatMap((event) =>
      event.seq > log.readSeq && event.at >= nowMs - MAX_AGE_MS ? this.#factOf(event) : [],
    );
    const announced = source === 'push' ? facts : facts.slice(-1);
    if (announced.length === 0) return;
    this.#standing.set(logId, events.at(-1)?.seq ?? log.tail);
    post({ type: 'notify', facts: announced });
  }

  /** The read position may have moved, here or on another device. */
  readMoved(conversationId: string, readSeq: number): void {
    const standing = this.#standing.get(conversationId);
    if (standing === undefined || readSeq < standing) return;
    this.#standing.delete(conversationId);
    this.#ports.post({ type: 'notificationsObsolete', conversationId });
  }

  /** Something in this conversation is gone, maybe what the notification says. */
  withdraw(conversationId: string): void {
    if (!this.#standing.delete(conversationId)) return;
    this.#ports.post({ type: 'notificationsObsolete', conversationId });
  }

  /** Conversations with a notification that was not yet read. */
  standing(): readonly string[] {
    return [...this.#standing.keys()];
  }

  #factOf(envelope: Envelope): readonly NotificationFact[] {
    if (envelope.type !== 'message:new' || envelope.actorId === this.#ports.userId) return [];
    const event = readEvent(envelope);
    if (event === 'skeleton' || event === 'unknown' || event.type !== 'message:new') return [];
    const { queries, accountId } = this.#ports;
    const title = queries.conversationTitle(event.logId) ?? queries.personName(event.actorId) ?? '';
    const { messageId, text } = event.payload;
    return [{ accountId, conversationId: event.logId, messageId, title, text }];
  }
}
