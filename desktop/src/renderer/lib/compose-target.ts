/**
 * What the composer of a conversation answers or edits, and the few signals between timeline and composer. Owns no
 * text: drafts live in the core, the words being typed in the composer alone.
 */
import type { MessageRow } from '../../ipc/message-rows.ts';
import { createStore, type Store } from './store.ts';

/** What the next send means. */
export type ComposeTarget =
  | {
      readonly kind: 'reply';
      readonly messageId: string;
      /** Null until the timeline holds the message (a reply that came back with a draft). */
      readonly quoted: {
        readonly senderName: string;
        readonly isOwn: boolean;
        readonly excerpt: string;
      } | null;
    }
  | {
      readonly kind: 'edit';
      readonly messageId: string;
      readonly text: string;
      /** Ids of whom the message mentions. */
      readonly mentions: readonly string[];
    };

type Targets = Readonly<Record<string, ComposeTarget | undefined>>;

const threadPrefix = 'thread:';

/** Where something is written: a conversation by its id, a thread by this. Targets, drafts and lookups go by place. */
export function threadPlace(rootId: string): string {
  return threadPrefix + rootId;
}

/** The root of a thread's place; null when the place is a conversation. */
export function threadRootOf(place: string): string | null {
  return place.startsWith(threadPrefix) ? place.slice(threadPrefix.length) : null;
}

/** Targets by place. */
export const composeTargets: Store<Targets> = createStore<Targets>({});

/** Sets or clears the target of a conversation. */
export function setComposeTarget(conversationId: string, target: ComposeTarget | undefined): void {
  composeTargets.set((all) => ({ ...all, [conversationId]: target }));
}

/** Answers a message. */
export function replyTo(conversationId: string, row: MessageRow): void {
  setComposeTarget(conversationId, {
    kind: 'reply',
    messageId: row.id,
    quoted: quotedPart(row),
  });
}

/** What the reply banner shows of a message. */
export function quotedPart(row: MessageRow): { senderName: string; isOwn: boolean; excerpt: string } {
  return { senderName: row.senderName, isOwn: row.isOwn, excerpt: (row.text ?? '').slice(0, 200) };
}

/** Edits an own message. */
export function editMessage(conversationId: string, row: MessageRow): void {
  if (row.text === null) return;
  const mentions = row.mentions.map(({ id }) => id);
  setComposeTarget(conversationId, { kind: 'edit', messageId: row.id, text: row.text, mentions });
}

/** Counts own sends, so that the timeline goes to the end and drops the divider. */
export const ownSends: Store<{ readonly conversationId: string; readonly count: number }> = createStore({
  conversationId: '',
  count: 0,
});

/** The person sent something in a conversation. */
export function noteOwnSend(conversationId: string): void {
  ownSends.set((now) => ({ conversationId, count: now.count + 1 }));
}

/** What the timeline on screen can tell about its messages. */
export interface MessageLookup {
  /** The newest own message whose text can be edited. */
  lastOwn(): MessageRow | null;
  find(messageId: string): MessageRow | null;
}

const lookups = new Map<string, MessageLookup>();

/** The timeline offers its lookup; the returned function takes it back. */
export function provideLookup(conversationId: string, lookup: MessageLookup): () => void {
  lookups.set(conversationId, lookup);
  return () => {
    if (lookups.get(conversationId) === lookup) lookups.delete(conversationId);
  };
}

/** The lookup of a conversation on screen, or undefined. */
export function lookupOf(conversationId: string): MessageLookup | undefined {
  return lookups.get(conversationId);
}

/** Esc in the composer asks the timeline to go to the end and forget the divider. */
export const latestRequests: Store<number> = createStore(0);
