/** Which messages of a conversation are saved. */
import { useMemo } from 'react';
import { useView } from './use-view.ts';

/** Their ids; the same set until one of them changes. */
export function useSavedIds(conversationId: string): ReadonlySet<string> {
  const { state } = useView('saved', { conversationId });
  const order = state?.order;
  return useMemo(() => new Set(order), [order]);
}
