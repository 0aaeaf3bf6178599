/**
 * Where conversations were left in this run, with the heights measured there. Owns the last few only: the memory of a
 * window must not grow with the number of conversations visited.
 */
import type { VirtualItem } from '@tanstack/react-virtual';
import type { SavedPosition } from './window.ts';

interface Saved {
  /** Null: it was left at the end. */
  readonly position: SavedPosition | null;
  readonly measurements: VirtualItem[];
}

/** Conversations remembered. */
const keptCount = 8;
const saved = new Map<string, Saved>();

/** Remembers how a conversation was left. */
export function savePosition(
  conversationId: string,
  position: SavedPosition | null,
  measurements: VirtualItem[],
): void {
  saved.delete(conversationId);
  saved.set(conversationId, { position, measurements });
  for (const oldest of saved.keys()) {
    if (saved.size <= keptCount) break;
    saved.delete(oldest);
  }
}

/** Where a conversation was left; null when it was never open or left at the end. */
export function savedPosition(conversationId: string): SavedPosition | null {
  return saved.get(conversationId)?.position ?? null;
}

/** Heights measured when the conversation was last open. */
export function measurementsOf(conversationId: string): VirtualItem[] {
  return saved.get(conversationId)?.measurements ?? [];
}
