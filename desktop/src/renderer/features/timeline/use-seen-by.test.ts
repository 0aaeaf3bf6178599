import { describe, expect, it } from 'vitest';
import { fakeId, message } from '../../preview/world.ts';
import type { Reader } from './contracts.ts';
import type { TimelineItem } from './items.ts';
import { placeReaders } from './use-seen-by.ts';

const item = (index: number, part: Parameters<typeof message>[2] = {}): TimelineItem => {
  const row = message(index, index * 60_000, part);
  return { kind: 'message', key: row.id, row, isFirst: true, isLast: true };
};
const reader = (index: number, readSeq: number): Reader => ({
  id: fakeId(1, index),
  name: `P${index}`,
  readSeq,
});
const names = (items: readonly TimelineItem[], readers: readonly Reader[]) =>
  [...placeReaders(items, readers)].map(([key, list]) => [key, list.map(({ name }) => name).join(' ')]);

describe('placeReaders', () => {
  it('puts everybody under the newest message they have read', () => {
    const items = [item(1, { isOwn: true }), item(2, { isOwn: true }), item(5, { isOwn: true })];
    expect(names(items, [reader(1, 2), reader(2, 9), reader(3, 4)])).toEqual([
      [fakeId(3, 5), 'P2'],
      [fakeId(3, 2), 'P3 P1'],
    ]);
  });

  it('leaves out who wrote the message, what waits, and who has read nothing on screen', () => {
    const items = [item(3), item(4, { isOwn: true, seq: null })];
    expect(names(items, [reader(1, 3), reader(2, 3), reader(3, 2)])).toEqual([[fakeId(3, 3), 'P2']]);
  });
});
