/**
 * What a person's query means here: which conversations and people its names stand for, and what they may see of the
 * hits. Owns the way from a query to ids, and from a message found to the row that is shown.
 */
import {
  foldText,
  parseSearch,
  searchExcerpt,
  searchMatcher,
  textMatches,
  type SearchClause,
} from '@curlew/shared/domain/search.ts';
import type { SearchHit } from '../ipc/search.ts';
import type { FoundMessage, SearchScope } from './store/search/search-run.ts';
import type { AccountReads } from './store/views/account-reads.ts';
import { conversationTitleOf } from './store/views/conversation-row.ts';
import type { OpState } from './store/store-types.ts';
import { isEffective } from './store/views/overlay.ts';

/** When a day begins on this device, milliseconds since 1970. */
export function localDayStartMs(day: string): number {
  return new Date(`${day}T00:00:00`).getTime();
}

/** Reads a query for this device; `conversationId` narrows it to one conversation. */
export function scopeOf(reads: AccountReads, query: string, conversationId: string | null): SearchScope {
  const matcher = searchMatcher(parseSearch(query), localDayStartMs);
  const people = namedSet(matcher.from, (part) => peopleNamed(reads, part));
  const places = namedSet(matcher.in, (part) => conversationsNamed(reads, part));
  const here = conversationId === null ? null : new Set([reads.canonicalIdOf(conversationId)]);
  const unread =
    matcher.isUnread === null
      ? null
      : new Map(reads.list.unread().map((each) => [each.conversationId, each]));
  const within = intersection(here, places.only);
  const changing = new Set(reads.outbox.lanes());
  return {
    matcher,
    conversationIds:
      unread && matcher.isUnread === true ? intersection(within, new Set(unread.keys())) : within,
    senderIds: people.only,
    accepts({ id, conversationId: place, senderId, createSeq, threadRootId }) {
      if (people.not.has(senderId) || places.not.has(place)) return false;
      if (unread) {
        const found = unread.get(place);
        const fromSeq =
          threadRootId === null
            ? found?.fromSeq
            : found?.threads.find(({ rootId }) => rootId === threadRootId)?.fromSeq;
        const isUnread = fromSeq != null && createSeq >= fromSeq && senderId !== reads.userId;
        if (isUnread !== matcher.isUnread) return false;
      }
      if (reads.entries.value('hidden', id) !== null) return false;
      if (!changing.has(place)) return true;
      const { deletion } = reads.overlay(place, 0).changesOf(id);
      return deletion === undefined || !isEffective(deletion);
    },
  };
}

/** A message found, as it is listed. `parts` are the folded terms to mark. */
export function hitOf(
  reads: AccountReads,
  message: Pick<FoundMessage, 'id' | 'conversationId' | 'senderId' | 'text' | 'threadRootId' | 'createdAt'>,
  parts: readonly string[],
  isPending = false,
): SearchHit {
  const excerpt = searchExcerpt(message.text, parts);
  return {
    messageId: message.id,
    conversationId: message.conversationId,
    conversationTitle: conversationTitleOf(message.conversationId, reads).title,
    threadRootId: message.threadRootId,
    senderId: message.senderId,
    senderName: reads.people.nameOf(message.senderId),
    isOwn: message.senderId === reads.userId,
    isPending,
    atMs: message.createdAt,
    excerpt: { text: excerpt.text, marks: excerpt.marks.map(([start, end]) => [start, end]) },
  };
}

/** States in which a message waits, or failed with its text kept: what a person sees below everything that was sent. */
const UNSENT = [
  'QUEUED',
  'READY',
  'BACKOFF',
  'WAIT_DEPENDENCY',
  'WAIT_ATTACHMENT',
  'IN_FLIGHT',
  'AMBIGUOUS',
  'REJECTED',
  'STALLED',
  'PARKED',
] as const satisfies readonly OpState[];

/** Own messages that the server does not have and that satisfy `scope`, newest first, at most `limit`. */
export function unsentHits(reads: AccountReads, scope: SearchScope, limit: number): readonly SearchHit[] {
  const { matcher, conversationIds, senderIds } = scope;
  if (matcher.isEmpty || matcher.isImpossible || senderIds?.has(reads.userId) === false) return [];
  return UNSENT.flatMap((state) => reads.outbox.inState(state, limit))
    .sort((a, b) => b.n - a.n)
    .flatMap(({ op, composedAtMs }) => {
      if (op?.kind !== 'message.send' || !textMatches(matcher, op.text, composedAtMs)) return [];
      const message: FoundMessage = {
        id: op.opId,
        conversationId: reads.canonicalIdOf(op.logId),
        createSeq: Number.MAX_SAFE_INTEGER,
        senderId: reads.userId,
        text: op.text,
        threadRootId: op.threadRootId ?? null,
        createdAt: composedAtMs,
      };
      const isHere = conversationIds === null || conversationIds.has(message.conversationId);
      return isHere && scope.accepts(message) ? [hitOf(reads, message, matcher.parts, true)] : [];
    })
    .slice(0, limit);
}

/** The folded terms of a query, to be marked in what was found. */
export function partsOf(query: string): readonly string[] {
  return searchMatcher(parseSearch(query), localDayStartMs).parts;
}

/** Ids that must be (null: any) and that must not be. */
function namedSet(
  clauses: readonly SearchClause[],
  named: (folded: string) => ReadonlySet<string>,
): { readonly only: ReadonlySet<string> | null; readonly not: ReadonlySet<string> } {
  let only: ReadonlySet<string> | null = null;
  const not = new Set<string>();
  for (const { value, isNegated } of clauses) {
    const ids = named(foldText(value).trim());
    if (isNegated) for (const id of ids) not.add(id);
    else only = intersection(only, ids);
  }
  return { only, not };
}

function intersection(
  a: ReadonlySet<string> | null,
  b: ReadonlySet<string> | null,
): ReadonlySet<string> | null {
  if (a === null || b === null) return a ?? b;
  return new Set([...a].filter((id) => b.has(id)));
}

function peopleNamed(reads: AccountReads, part: string): ReadonlySet<string> {
  const ids = reads.people.everybody().filter(({ folded }) => folded.includes(part));
  const own = foldText(reads.people.nameOf(reads.userId)).includes(part) ? [reads.userId] : [];
  return new Set([...ids.map(({ id }) => id), ...own]);
}

function conversationsNamed(reads: AccountReads, part: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const [id, title] of reads.list.titles()) if (foldText(title).includes(part)) ids.add(id);
  // A direct conversation has the name of the other person.
  for (const personId of peopleNamed(reads, part)) {
    const id = reads.directConversationWith(personId);
    if (id !== null) ids.add(id);
  }
  return ids;
}
