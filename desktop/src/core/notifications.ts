/**
 * Notification facts: what deserves one is decided here, after the message is stored and, while the connection catches
 * up, only once it has. Owns gathering what the rule needs, which conversations have a notification standing, and the
 * log of decisions. How it looks, and whether text is shown, is main's business.
 */
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { readEvent } from '@curlew/shared/domain/event.ts';
import { plainText } from '@curlew/shared/lib/markdown.ts';
import type { FromCore } from '../ipc/core-port.ts';
import type { NotificationFact, NotificationReport, NotificationSettings } from '../ipc/notifications.ts';
import type { AccountQueries, NewMessage } from './account-queries.ts';
import { decideNotification, type NotificationVerdict } from './notification-rule.ts';
import type { NotificationEntry, NotificationLog } from './store/notification-log.ts';
import type { CacheReader } from './store/store-types.ts';
import { stored } from './sync/sync-context.ts';

/** Messages of one conversation that are looked at after a gap; what came before them is counted by the list alone. */
const HELD = 100;

/** What the decision rests on. */
export interface NotificationPorts {
  readonly accountId: string;
  readonly userId: string;
  readonly queries: AccountQueries;
  readonly reader: CacheReader;
  readonly decisions: Pick<NotificationLog, 'note' | 'of'>;
  settings(): NotificationSettings;
  serverNowMs(): number;
  /** Wall time of this computer. */
  nowMs(): number;
  /** How far this device read, also what the server has not confirmed. */
  ownReadSeq(conversationId: string): number;
  isWatched(conversationId: string): boolean;
  /** Whether nothing is missing that the server is known to have. */
  isLive(): boolean;
  /** Whether this device has never caught up. */
  isFirstSync(): boolean;
  newId(): string;
  post(message: FromCore): void;
}

interface Held {
  readonly messages: readonly NewMessage[];
  readonly isFirstSync: boolean;
}

/** Newest announced position of a conversation (under its own id) and of threads in it (under their roots). */
type Standing = Map<string, { readonly seq: number; readonly messageId: string }>;

/** See the file comment. */
export class Notifications {
  readonly #ports: NotificationPorts;
  readonly #standing = new Map<string, Standing>();
  /** What came while the connection was catching up, by conversation. */
  readonly #held = new Map<string, Held>();

  constructor(ports: NotificationPorts) {
    this.#ports = ports;
  }

  /** Events were committed, or (`window`) the newest part of a log as it is now. */
  committed(logId: string, events: readonly Envelope[], source: 'push' | 'pull' | 'window'): void {
    for (const event of events) if (event.type === 'message:deleted') this.#deleted(event);
    const messages =
      source === 'window' ? this.#newIn(logId) : events.flatMap((event) => this.#messageOf(event));
    if (messages.length === 0) return;
    if (!this.#ports.isLive()) return this.#hold(logId, messages);
    this.#announce([[logId, { messages, isFirstSync: false }]], source === 'push' ? 'each' : 'newest', false);
  }

  /** The connection has caught up: what came meanwhile is decided at once, as things are now. */
  resynced(): void {
    const held = [...this.#held];
    this.#held.clear();
    this.#announce(held, 'newest', true);
  }

  /** The read position of a conversation, or of a thread in it, may have moved, here or on another device. */
  readMoved(conversationId: string): void {
    const standing = this.#standing.get(conversationId);
    if (!standing) return;
    for (const [place, { seq }] of standing) {
      if (this.#readSeq(conversationId, place === conversationId ? null : place) >= seq)
        standing.delete(place);
    }
    if (standing.size === 0) this.withdraw(conversationId);
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

  /** Main says what became of facts. */
  reported(reports: readonly NotificationReport[]): void {
    this.#note(reports.map((report) => ({ ...report, untilMs: null })));
  }

  #hold(logId: string, messages: readonly NewMessage[]): void {
    const held = this.#held.get(logId);
    this.#held.set(logId, {
      messages: [...(held?.messages ?? []), ...messages].slice(-HELD),
      isFirstSync: held?.isFirstSync ?? this.#ports.isFirstSync(),
    });
  }

  /** @param tell of a conversation: each message by itself, or the newest one for all of them */
  #announce(
    all: readonly (readonly [logId: string, held: Held])[],
    tell: 'each' | 'newest',
    isGap: boolean,
  ): void {
    const facts: NotificationFact[] = [];
    const entries: NotificationEntry[] = [];
    for (const [, { messages, isFirstSync }] of all) {
      const loud: NewMessage[] = [];
      for (const message of messages) {
        const verdict = this.#decide(message, isFirstSync, isGap);
        entries.push({ messageId: message.messageId, ...verdict });
        if (verdict.outcome === 'handed') loud.push(message);
      }
      for (const message of loud) this.#stand(message);
      const told = tell === 'each' ? loud : loud.slice(-1);
      facts.push(...told.map((message) => this.#factOf(message, tell === 'each' ? 1 : loud.length)));
      for (const { messageId } of loud.slice(0, loud.length - told.length)) {
        entries.push({ messageId, outcome: 'counted', untilMs: null });
      }
    }
    this.#note(entries);
    if (facts.length > 0) this.#ports.post({ type: 'notify', facts });
  }

  #decide(message: NewMessage, isFirstSync: boolean, isGap: boolean): NotificationVerdict {
    const { queries, isWatched, settings } = this.#ports;
    const { logId, seq, at, messageId, threadRootId } = message;
    const nowMs = this.#ports.serverNowMs();
    const isForMe = this.#isForMe(message);
    return decideNotification({
      ageMs: nowMs - at,
      isGap,
      isFirstSync,
      isRead: seq <= this.#readSeq(logId, threadRootId) || queries.message(messageId)?.isDeleted === true,
      isWatched: isWatched(logId),
      isForMe,
      isThreadOfOthers: threadRootId !== null && !isForMe,
      isUrgent: message.isUrgent,
      kind: queries.conversationFacts(logId)?.kind ?? 'group',
      mute: queries.mute(logId, nowMs),
      level: queries.notifyLevel(logId),
      dnd: queries.doNotDisturb(nowMs),
      settings: settings(),
      nowMs: this.#ports.nowMs(),
    });
  }

  #isForMe({ logId, mentions, threadRootId, replyTo }: NewMessage): boolean {
    const { queries, userId } = this.#ports;
    if (queries.namesMe(logId, mentions)) return true;
    if (threadRootId !== null) return queries.followsThread(logId, threadRootId);
    return replyTo !== null && queries.message(replyTo)?.senderId === userId;
  }

  #readSeq(logId: string, rootId: string | null): number {
    const { queries, reader, ownReadSeq } = this.#ports;
    if (rootId !== null) return queries.threadReadSeq(rootId);
    return Math.max(reader.log(logId)?.readSeq ?? 0, ownReadSeq(logId));
  }

  #stand({ logId, seq, messageId, threadRootId }: NewMessage): void {
    const standing: Standing = this.#standing.get(logId) ?? new Map();
    standing.set(threadRootId ?? logId, { seq, messageId });
    this.#standing.set(logId, standing);
  }

  /** A notification must not go on saying what its author took back. */
  #deleted(envelope: Envelope): void {
    const event = readEvent(envelope);
    if (event === 'skeleton' || event === 'unknown' || event.type !== 'message:deleted') return;
    const { messageId } = event.payload;
    const standing = [...(this.#standing.get(event.logId)?.values() ?? [])];
    if (standing.some((each) => each.messageId === messageId)) this.withdraw(event.logId);
  }

  #messageOf(envelope: Envelope): readonly NewMessage[] {
    if (envelope.type !== 'message:new' || envelope.actorId === this.#ports.userId) return [];
    const event = readEvent(envelope);
    if (event === 'skeleton' || event === 'unknown' || event.type !== 'message:new') return [];
    const { logId, seq, at, actorId: senderId, payload } = event;
    const { messageId, text, replyTo, threadRootId, mentions, extras } = payload;
    const isUrgent = extras.urgent === true;
    return [{ logId, seq, at, senderId, messageId, text, replyTo, threadRootId, mentions, isUrgent }];
  }

  /** A window tells no events: what of it is unread and was not decided about yet is what is new. */
  #newIn(logId: string): readonly NewMessage[] {
    const { queries, decisions, userId } = this.#ports;
    const unread = queries.newestMessages(logId, this.#readSeq(logId, null), HELD);
    return unread.filter(
      ({ senderId, messageId }) => senderId !== userId && decisions.of(messageId) === undefined,
    );
  }

  #factOf(message: NewMessage, count: number): NotificationFact {
    const { queries, accountId, newId } = this.#ports;
    const { logId, messageId, threadRootId, senderId, text } = message;
    const own = queries.conversationTitle(logId);
    const name = queries.personName(senderId);
    return {
      accountId,
      conversationId: logId,
      messageId,
      threadRootId,
      replyId: newId(),
      title: own ?? name ?? '',
      senderName: own === null ? null : name,
      text: plainText(text),
      isPrivate: queries.conversationFacts(logId)?.isPrivate ?? false,
      count,
    };
  }

  // On a full disk the reason of a message is not known later; nothing else depends on it.
  #note(entries: readonly NotificationEntry[]): void {
    stored(() => this.#ports.decisions.note(entries, this.#ports.nowMs()));
  }
}
