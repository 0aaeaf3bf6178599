/** Where the avatars of those who have read stand: under the newest message each of them has read. */
import { useMemo, useRef } from 'react';
import type { Reader } from './contracts.ts';
import type { TimelineItem } from './items.ts';

type SeenBy = ReadonlyMap<string, readonly Reader[]>;

const nobody: SeenBy = new Map();

/** Readers by message key. Whoever wrote the message is left out; whoever read nothing on screen stands nowhere. */
export function placeReaders(items: readonly TimelineItem[], readers: readonly Reader[]): SeenBy {
  if (readers.length === 0) return nobody;
  const waiting = [...readers].sort((a, b) => b.readSeq - a.readSeq);
  const placed = new Map<string, Reader[]>();
  let next = 0;
  for (let at = items.length - 1; at >= 0 && next < waiting.length; at -= 1) {
    const item = items[at];
    if (item?.kind !== 'message' || item.row.seq === null) continue;
    const here: Reader[] = [];
    for (let reader = waiting[next]; reader && reader.readSeq >= item.row.seq; reader = waiting[next]) {
      if (reader.id !== item.row.senderId) here.push(reader);
      next += 1;
    }
    if (here.length > 0) placed.set(item.key, here);
  }
  return placed;
}

/** See {@link placeReaders}; a list that stays the same keeps its identity, so that its row is not drawn again. */
export function useSeenBy(items: readonly TimelineItem[], readers: readonly Reader[]): SeenBy {
  const before = useRef<SeenBy>(nobody);
  return useMemo(() => {
    const placed = new Map(placeReaders(items, readers));
    for (const [key, list] of placed) {
      const known = before.current.get(key);
      if (known && isSame(known, list)) placed.set(key, known);
    }
    before.current = placed;
    return placed;
  }, [items, readers]);
}

function isSame(a: readonly Reader[], b: readonly Reader[]): boolean {
  return a.length === b.length && a.every(({ id, name }, at) => id === b[at]?.id && name === b[at]?.name);
}
