/**
 * What one ingest leaves to do after its commit. Owns the translation from rows to changed keys, own ops and own
 * messages seen deleted.
 */
import { draftEntrySchema, parseEntryKey } from '@curlew/shared/domain/entries.ts';
import type { LogEntry, Message } from '@curlew/shared/domain/message.ts';
import type { ArrivedDraft } from '../store/store-types.ts';
import type { ChangedKey } from '../store/store-types.ts';

/** Collected while the transaction runs, used once it has committed. */
export class IngestEffects {
  readonly keys = new Set<ChangedKey>();
  readonly ownOps: { opId: string; seq: number }[] = [];
  readonly ownDeleted: string[] = [];
  /** Drafts the account log told. */
  readonly drafts: ArrivedDraft[] = [];
  /** Server time of the newest message that was added. */
  newestAt = 0;
  readonly #userId: string;
  readonly #conversationOf: (messageId: string) => string | undefined;
  #lastMessagesOf: string | undefined;

  /** @param conversationOf where a held message stands */
  constructor(userId: string, conversationOf: (messageId: string) => string | undefined) {
    this.#userId = userId;
    this.#conversationOf = conversationOf;
  }

  messagesChanged(conversationId: string): void {
    // A catch-up says the same thousands of times.
    if (conversationId === this.#lastMessagesOf) return;
    this.#lastMessagesOf = conversationId;
    this.keys.add(`messages:${conversationId}`);
    this.keys.add('conversations');
  }

  messageSeen(conversationId: string, createdAt: number): void {
    this.newestAt = Math.max(this.newestAt, createdAt);
    this.messagesChanged(conversationId);
  }

  messageMerged(message: Message): void {
    this.messagesChanged(message.conversationId);
    if (message.deletedAt !== null && message.senderId === this.#userId) this.ownDeleted.push(message.id);
  }

  conversationChanged(conversationId: string): void {
    this.keys.add(`conversation:${conversationId}`);
    this.keys.add('conversations');
  }

  receiptsChanged(conversationId: string): void {
    this.keys.add(`receipts:${conversationId}`);
    this.keys.add('conversations');
  }

  /** The account log set a key, or removed it (null), at a position. `opId`: by which op, where that is known. */
  entryArrived({ key, value, revSeq: seq }: LogEntry, opId: string | null): void {
    const parsed = parseEntryKey(key);
    if (parsed?.prefix !== 'draft') return;
    const draft = draftEntrySchema.nullable().safeParse(value ?? null).data;
    if (draft !== undefined) this.drafts.push({ place: parsed.id, draft, seq, opId });
  }

  /** A key of an account or organisation log was set, or removed (null). */
  entryChanged(key: string, value: unknown): void {
    const parsed = parseEntryKey(key);
    switch (parsed?.prefix) {
      case 'person':
      case 'role':
      case 'org':
      // A rule may change what every conversation shows.
      case 'policy':
      case 'site':
      case 'unit':
      case 'places':
        this.keys.add('people');
        this.keys.add('session');
        return;
      case 'draft':
        this.keys.add('drafts');
        this.conversationChanged(parsed.id);
        return;
      case 'pin':
      case 'mute':
      case 'archive':
      case 'notify':
      case 'unread':
        this.conversationChanged(parsed.id);
        return;
      case 'scheduled':
      case 'saved':
        this.keys.add('kept');
        return;
      case 'hidden':
        this.#hiddenChanged(parsed.id, value);
        return;
      default:
        this.keys.add('session');
    }
  }

  // A removed `hidden` key does not say which timeline it was about; a message that is not held is in none.
  #hiddenChanged(messageId: string, value: unknown): void {
    const named =
      typeof value === 'object' && value !== null && 'conversationId' in value ? value : undefined;
    const conversationId =
      typeof named?.conversationId === 'string' ? named.conversationId : this.#conversationOf(messageId);
    if (conversationId !== undefined) this.messagesChanged(conversationId);
    else this.keys.add('conversations');
  }
}
