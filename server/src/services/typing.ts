/**
 * Typing. Decides whether a "typing" is passed on and to whom: never stored, never queued, only to members, and at most
 * one start per person, conversation and three seconds, so that no client can make noise for others. In a crowd only
 * the first few who type are passed on, so that its noise does not grow with the square of its size.
 */
import { ok } from '@curlew/shared/lib/result.ts';
import type { Now } from './clock.ts';
import type { LogServices, MemberList, Outcome } from './service-types.ts';

/** At most one start per this time; a little under what clients keep to, so that their jitter is not punished. */
export const TYPING_INTERVAL_MS = 2_900;
/** Above this many members only those who have the conversation open hear of typing. */
export const TYPING_EVERYBODY_MEMBERS = 100;

/** Of so large a conversation at most so many people are told in one interval; a line shows two names and a number. */
const TYPISTS_OF_A_CROWD = 5;

/** To whom a typing goes: these people, those who have the conversation open, or nobody. */
export type TypingAudience =
  | { readonly kind: 'people'; readonly userIds: readonly string[] }
  | { readonly kind: 'open' }
  | { readonly kind: 'nobody' };

/** See the file's head. */
export interface Typing {
  start(userId: string, conversationId: string): Promise<Outcome<TypingAudience>>;
  stop(userId: string, conversationId: string): Promise<Outcome<TypingAudience>>;
  /** The person is gone; what is remembered of their typing may go too. */
  forget(userId: string): void;
}

/** Creates the service. */
export function createTyping(logs: Pick<LogServices, 'members'>, now: Now): Typing {
  /** Last start by person, then conversation. A stop is passed on only after a start that was, once. */
  const started = new Map<string, Map<string, { readonly atMs: number; isShown: boolean }>>();

  /** When somebody of a crowd was last shown typing, by conversation; only of the last interval. */
  const crowds = new Map<string, Map<string, number>>();

  /** Whether one more may be shown typing in a crowd. */
  const isShownInCrowd = (conversationId: string, userId: string): boolean => {
    const nowMs = now();
    const typists = crowds.get(conversationId) ?? new Map<string, number>();
    for (const [typist, atMs] of typists) if (nowMs - atMs >= TYPING_INTERVAL_MS) typists.delete(typist);
    if (!typists.has(userId) && typists.size >= TYPISTS_OF_A_CROWD) return false;
    crowds.set(conversationId, typists.set(userId, nowMs));
    return true;
  };

  const audience = ({ memberIds }: MemberList, userId: string): TypingAudience =>
    memberIds.length > TYPING_EVERYBODY_MEMBERS
      ? { kind: 'open' }
      : { kind: 'people', userIds: memberIds.filter((memberId) => memberId !== userId) };

  return {
    async start(userId, conversationId) {
      const members = await logs.members(userId, conversationId);
      if (!members.ok) return members;
      const nowMs = now();
      const mine = started.get(userId) ?? new Map<string, { readonly atMs: number; isShown: boolean }>();
      started.set(userId, mine);
      if (nowMs - (mine.get(conversationId)?.atMs ?? -Infinity) < TYPING_INTERVAL_MS)
        return ok({ kind: 'nobody' });
      const isCrowd = members.value.memberIds.length > TYPING_EVERYBODY_MEMBERS;
      const isShown = !isCrowd || isShownInCrowd(conversationId, userId);
      mine.set(conversationId, { atMs: nowMs, isShown });
      if (!isShown) return ok({ kind: 'nobody' });
      return ok(audience(members.value, userId));
    },

    async stop(userId, conversationId) {
      const members = await logs.members(userId, conversationId);
      if (!members.ok) return members;
      const last = started.get(userId)?.get(conversationId);
      if (!last?.isShown) return ok({ kind: 'nobody' });
      last.isShown = false;
      return ok(audience(members.value, userId));
    },

    forget(userId) {
      started.delete(userId);
      for (const [conversationId, typists] of crowds) {
        typists.delete(userId);
        if (typists.size === 0) crowds.delete(conversationId);
      }
    },
  };
}
