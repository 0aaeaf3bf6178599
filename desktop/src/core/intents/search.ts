/** Intents of searching. Owns what a hit shows; how it is found is `message-search.ts` and the server's. */
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { hitOf, partsOf, scopeOf, unsentHits } from '../search-scope.ts';
import { onAccount } from './intent-types.ts';

/** `search.messages`: over what this device holds. */
export const searchMessages = onAccount<'search.messages'>(async (account, request, { core, windowId }) => {
  const { query, conversationId, limit, after, from } = request;
  const { reads } = core;
  if (!reads) return err(errorBody('AUTH_REQUIRED'));
  const scope = scopeOf(reads, query, conversationId);
  const page = await account.search.search(`${windowId}:${from}`, scope, limit, after);
  const backToMs = reads.cache.heldSinceMs(conversationId && reads.canonicalIdOf(conversationId));
  // What waits stands first: it is newer than all that was sent.
  const waiting = after === null ? unsentHits(reads, scope, limit) : [];
  const found = page.hits.map((message) => hitOf(reads, message, scope.matcher.parts));
  return ok({ hits: [...waiting, ...found], hasMore: page.hasMore, backToMs });
});

/** `search.server`: what this device may not hold. */
export const searchServer = onAccount<'search.server'>(async (account, request, { core }) => {
  const { query, conversationId, limit, cursor } = request;
  const answer = await account.engine.call('search', {
    query: {
      query,
      limit,
      utcOffsetMinutes: -new Date(account.nowMs()).getTimezoneOffset(),
      ...(conversationId === null ? {} : { conversationId }),
      ...(cursor === null ? {} : { cursor }),
    },
  });
  if (!answer.ok) return answer;
  const { reads } = core;
  if (!reads) return err(errorBody('AUTH_REQUIRED'));
  const parts = partsOf(query);
  const hits = answer.value.messages.flatMap((message) =>
    message.text === null || reads.entries.value('hidden', message.id) !== null
      ? []
      : [hitOf(reads, { ...message, text: message.text }, parts)],
  );
  return ok({ hits, cursor: answer.value.cursor ?? null });
});
