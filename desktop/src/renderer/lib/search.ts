/**
 * Searching from the window: one question at a time, newest answer only. Owns the order of answers and the pause
 * before a count is spoken. The find bar, the list of results and the switcher share it.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { SearchHit } from '../../ipc/search.ts';
import { announce } from './announcer.ts';
import { invoke } from './bridge.ts';
import { openConversation } from './navigation.ts';

/** Where a search is asked from. */
export type SearchPlace = 'list' | 'find' | 'switcher';

/** What has come of a question. */
export interface SearchResults {
  /** The question these hits answer; another than asked while the answer is on its way. */
  readonly query: string;
  readonly hits: readonly SearchHit[];
  readonly hasMore: boolean;
  /** This device holds everything since then; null: everything. */
  readonly backToMs: number | null;
  readonly more: () => void;
}

const none: Omit<SearchResults, 'more'> = { query: '', hits: [], hasMore: false, backToMs: null };

/**
 * Hits for a text as it is typed.
 * @param limit hits asked for at a time
 */
export function useSearch(
  text: string,
  from: SearchPlace,
  conversationId: string | null,
  limit: number,
): SearchResults {
  const query = text.trim();
  const [results, setResults] = useState(none);
  const asked = useRef(0);
  useEffect(() => {
    const number = ++asked.current;
    if (query === '') {
      setResults(none);
      return;
    }
    void invoke('search.messages', { query, conversationId, limit, from, after: null }).then((answer) => {
      if (asked.current !== number) return;
      setResults(answer.ok ? { ...none, ...answer.value, query } : { ...none, query });
    });
  }, [query, from, conversationId, limit]);
  useEffect(
    () => () => {
      asked.current += 1;
    },
    [],
  );
  const last = results.hits.at(-1);
  const isCurrent = results.query === query && results.hasMore;
  const more = useCallback(() => {
    if (!last || !isCurrent) return;
    const number = ++asked.current;
    const after = { atMs: last.atMs, id: last.messageId };
    void invoke('search.messages', { query, conversationId, limit, from, after }).then((answer) => {
      if (asked.current !== number || !answer.ok) return;
      const { hits, hasMore, backToMs } = answer.value;
      setResults((now) => ({ query, hits: [...now.hits, ...hits], hasMore, backToMs }));
    });
  }, [last, isCurrent, query, conversationId, limit, from]);
  return { ...results, more };
}

/** Speaks a number of results once typing has rested; nothing while there is no question. */
export function useSpokenCount(query: string, sentence: string): void {
  useEffect(() => {
    if (query === '') return undefined;
    const timer = setTimeout(() => announce(sentence), 400);
    return () => clearTimeout(timer);
  }, [query, sentence]);
}

/** Shows a hit where it stands, one of a thread in its thread; one that waits at the end. */
export function openHit(hit: SearchHit): void {
  if (hit.isPending) return openConversation(hit.conversationId);
  openConversation(hit.conversationId, { messageId: hit.messageId });
}
