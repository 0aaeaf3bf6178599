/**
 * Conversation rows: one conversation as list, header and switcher show it. Owns title, preview and draft of a
 * conversation, from cache, outbox and volatile state.
 */
import { directPeerOf } from '@curlew/shared/protocol/ops.ts';
import type { Draft } from '@curlew/shared/domain/entries.ts';
import { must } from '@curlew/shared/lib/result.ts';
import type { MessageRow } from '../../../ipc/message-rows.ts';
import type { ConversationRow, PersonRow } from '../../../ipc/views.ts';
import type { DraftState } from '../../../ipc/writing.ts';
import type { AccountReads } from './account-reads.ts';
import type { ConversationFacts } from './cache-reads.ts';
import { notifies, unreadOf, type ListEntry } from './list-index.ts';
import { cachedRow, pendingRow, excerptOf, type RowContext } from './message-row.ts';
import { isEffective } from './overlay.ts';
import { ticksOf } from './row-context.ts';
import type { VolatileState } from './volatile-state.ts';

// A device that was off hears of the clearing long after the message was sent.
const SENT_BEFORE_MS = 7 * 24 * 3_600_000;

/** Who a conversation is with, and how it is called. */
export interface ConversationIdentity extends ConversationFacts {
  readonly peerId: string | null;
  /** What the list shows: the title, else the other person's name. */
  readonly shownTitle: string;
}

/** Identity of a conversation that is cached or was created here; undefined when there is none. */
export function identityOf(reads: AccountReads, id: string): ConversationIdentity | undefined {
  const facts = reads.cache.conversation(id) ?? createdHere(reads, id);
  if (!facts) return undefined;
  const peerId =
    facts.kind !== 'direct'
      ? null
      : (reads.cache.peerOf(id) ?? directPeerOf(reads.outbox.pendingCreate(id)?.op));
  const settings = { ...facts, ...pendingSettings(reads, id) };
  const shownTitle = settings.title ?? (peerId === null ? '' : reads.people.nameOf(peerId));
  return { ...settings, peerId, shownTitle };
}

/** Title and other person of a conversation; empty for one that is not known. */
export function conversationTitleOf(
  id: string,
  reads: AccountReads,
): { readonly title: string; readonly peerId: string | null } {
  const identity = identityOf(reads, id);
  return { title: identity?.shownTitle ?? '', peerId: identity?.peerId ?? null };
}

type PendingSettings = Pick<ConversationFacts, 'title' | 'link' | 'isClosed' | 'messageTtlMs'>;

// A new name, state or end shows at once, and goes again if the server refuses it.
function pendingSettings(reads: AccountReads, id: string): Partial<PendingSettings> {
  const changed: Partial<PendingSettings>[] = [];
  for (const { op } of reads.outbox.laneItems(id, 0).filter(isEffective)) {
    if (op.kind !== 'conversation.update') continue;
    const { title, link, isClosed, messageTtlMs } = op;
    changed.push({
      ...(title === undefined ? {} : { title }),
      ...(link === undefined ? {} : { link }),
      ...(isClosed === undefined ? {} : { isClosed }),
      ...(messageTtlMs === undefined ? {} : { messageTtlMs }),
    });
  }
  return Object.assign({}, ...changed);
}

function createdHere(reads: AccountReads, id: string): ConversationFacts | undefined {
  const op = reads.outbox.pendingCreate(id)?.op;
  if (op?.kind !== 'conversation.create') return undefined;
  const title = op.conversationKind === 'direct' ? null : op.title;
  return {
    orgId: op.orgId,
    kind: op.conversationKind,
    protection: op.protection,
    title,
    pins: [],
    isClosed: false,
    messageTtlMs: null,
    link: op.conversationKind === 'linked' ? op.link : null,
    audience: op.conversationKind === 'announcement' ? op.audience : null,
  };
}

/** The row of a conversation. */
export function conversationRow(
  entry: ListEntry,
  reads: AccountReads,
  volatile: VolatileState,
): ConversationRow {
  const { id } = entry;
  const identity = must(identityOf(reads, id), 'an entry of the list has settings or a pending creation');
  const typing = volatile.typing(id).filter((userId) => userId !== reads.userId);
  return {
    id,
    kind: identity.kind,
    isPrivate: identity.protection === 'e2ee',
    title: identity.shownTitle,
    peerId: identity.peerId,
    peerMarks: identity.peerId === null ? null : reads.people.marksOf(identity.peerId, identity.orgId),
    presence: identity.peerId === null ? null : volatile.presence(identity.peerId),
    lastMessage: lastMessageOf(id, reads),
    draft: draftOf(id, reads)?.text ?? null,
    failed: reads.outbox.failedSends(id),
    unread: unreadOf(entry),
    mentions: entry.mentions,
    threadUnread: entry.threadUnread,
    isNotifying: notifies(entry),
    isPinned: entry.pinRank !== null,
    isMuted: entry.isMuted,
    isArchived: entry.isArchived,
    typingNames: typing.map((userId) => reads.people.nameOf(userId)),
    itemId: identity.link?.id ?? null,
  };
}

/** The draft of a conversation or thread: this device's until the account log holds it, then the newest of my devices. */
export function draftOf(place: string, reads: AccountReads): Draft | null {
  const local = reads.outbox.draft(place);
  const isUnseen =
    local !== undefined &&
    (local.isDirty || local.seq === null || local.seq > reads.cache.tail(reads.userId));
  const draft = isUnseen ? local.draft : reads.entries.value('draft', place);
  if (!draft || (draft.text === '' && draft.replyTo === null)) return null;
  return { text: draft.text, replyTo: draft.replyTo };
}

/** The same with what stands beside it. */
export function draftsOf(place: string, conversationId: string, reads: AccountReads): DraftState {
  const draft = draftOf(place, reads);
  const cleared = reads.outbox.clearedDraft(place);
  const isBack =
    cleared !== null && (cleared.text === draft?.text || wasSent(conversationId, cleared, reads));
  return {
    draft,
    otherDraft: reads.outbox.otherDraft(place),
    clearedDraft: isBack ? null : (cleared?.text ?? null),
  };
}

/** Nothing is being written. */
export const noDrafts: DraftState = { draft: null, otherDraft: null, clearedDraft: null };

/** What another device sent is cleared here like what it gave up. */
function wasSent(
  conversationId: string,
  { text, keptAtMs }: { readonly text: string; readonly keptAtMs: number },
  reads: AccountReads,
): boolean {
  return reads.cache.saidSince(conversationId, reads.userId, text.trim(), keptAtMs - SENT_BEFORE_MS);
}

/** A person as views show them; `orgId`: of which organisation the view is, null: of any. */
export function personRow(
  userId: string,
  reads: AccountReads,
  volatile: VolatileState,
  orgId: string | null = null,
): PersonRow {
  return {
    id: userId,
    name: reads.people.nameOf(userId),
    title: reads.people.titleOf(userId),
    orgIds: reads.people.orgIdsOf(userId),
    ...reads.people.marksOf(userId, orgId),
    presence: volatile.presence(userId),
    conversationId: reads.directConversationWith(userId),
  };
}

function lastMessageOf(id: string, reads: AccountReads): ConversationRow['lastMessage'] {
  const overlay = reads.overlay(id, 1);
  const send = overlay.sends.at(-1);
  const message = send ? undefined : reads.messages.newest(id);
  const context = previewContext(id, reads);
  if (send) return previewOf(pendingRow(send, overlay.changesOf(send.op.opId), context));
  return message ? previewOf(cachedRow(message, overlay.changesOf(message.id), context)) : null;
}

// A preview shows no marks, no quote, no reactions and no marked names, so none of them is read.
function previewContext(id: string, reads: AccountReads): RowContext {
  return {
    userId: reads.userId,
    nameOf: (userId) => reads.people.nameOf(userId),
    marksOf: () => ({ isBot: false, isDeactivated: false }),
    quoteOf: () => undefined,
    tickOf: ticksOf(id, reads),
    mentionsOf: () => [],
    threadOf: () => null,
    seenOf: () => null,
  };
}

function previewOf({ id, text, senderId, senderName, isOwn, atMs, state }: MessageRow) {
  return { id, text: text === null ? null : excerptOf(text), senderId, senderName, isOwn, atMs, state };
}
