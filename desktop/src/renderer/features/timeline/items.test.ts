import { describe, expect, it } from 'vitest';
import type { MessageRow, TimelineRow } from '../../../ipc/message-rows.ts';
import { message } from '../../preview/world.ts';
import { buildItems, estimateHeight, lastEditable, nextMessageIndex, type TimelineItem } from './items.ts';

const noon = new Date(2026, 10, 20, 12).getTime();
const minute = 60_000;

function build(
  rows: readonly TimelineRow[],
  part: Partial<Parameters<typeof buildItems>[0]> = {},
): TimelineItem[] {
  const key = (row: TimelineRow) => (row.kind === 'hole' ? `hole:${row.lo}` : row.id);
  return buildItems({
    order: rows.map(key),
    rows: Object.fromEntries(rows.map((row) => [key(row), row])),
    dividerSeq: null,
    hasOlder: true,
    ...part,
  });
}

/** A readable outline: kinds, and for messages whether they open or close a group. */
const outline = (items: readonly TimelineItem[]) =>
  items.map((item) =>
    item.kind === 'message'
      ? `${item.row.seq}${item.isFirst ? '<' : '-'}${item.isLast ? '>' : '-'}`
      : item.kind,
  );

describe('buildItems', () => {
  it('groups one sender within five minutes and separates days', () => {
    const rows = [
      message(1, noon),
      message(2, noon + 4 * minute),
      message(3, noon + 10 * minute),
      message(4, noon + 11 * minute, { isOwn: true }),
      message(5, noon + 24 * 60 * minute, { isOwn: true }),
    ];
    expect(outline(build(rows))).toEqual(['day', '1<-', '2->', '3<>', '4<>', 'day', '5<>']);
  });

  it('places the unread divider once, before the first unread message of somebody else', () => {
    const rows = [message(1, noon), message(2, noon, { isOwn: true }), message(3, noon), message(4, noon)];
    expect(outline(build(rows, { dividerSeq: 2 }))).toEqual(['day', '1<>', '2<>', 'unread', '3<-', '4->']);
    expect(outline(build(rows, { dividerSeq: 9 }))).not.toContain('unread');
  });

  it('needs no divider where I wrote after what was unread, sent or still waiting', () => {
    const rows = [message(1, noon), message(2, noon)];
    expect(outline(build(rows, { dividerSeq: 1 }))).toContain('unread');
    for (const seq of [3, null]) {
      const answered = [...rows, message(3, noon, { isOwn: true, seq })];
      expect(outline(build(answered, { dividerSeq: 1 }))).not.toContain('unread');
    }
  });

  it('says where the conversation starts only when nothing older exists', () => {
    expect(outline(build([message(1, noon)], { hasOlder: false }))[0]).toBe('start');
    expect(outline(build([message(1, noon)]))[0]).toBe('day');
  });

  it('shows a hole as a row of its own and breaks the group there', () => {
    const hole: TimelineRow = { kind: 'hole', lo: 2, hi: 9, state: 'loading', beforeMs: noon };
    const rows = [message(1, noon), hole, message(10, noon + minute)];
    expect(outline(build(rows))).toEqual(['day', '1<>', 'hole', '10<>']);
  });

  it('keeps keys unique when a day comes twice', () => {
    const rows = [message(1, noon), message(2, noon + 24 * 60 * minute), message(3, noon)];
    const all = build(rows);
    expect(new Set(all.map((item) => item.key)).size).toBe(all.length);
  });

  it('keeps the key of a message from queued to read', () => {
    const waiting = message(1, noon, { isOwn: true, seq: null, state: 'queued' });
    const before = build([waiting]).map((item) => item.key);
    const after = build([{ ...waiting, seq: 7, state: 'read' }]).map((item) => item.key);
    expect(after).toEqual(before);
  });
});

describe('moving among items', () => {
  const items = build([message(1, noon), message(2, noon + 24 * 60 * minute)]);

  it('skips everything that is not a message', () => {
    expect(nextMessageIndex(items, 1, 1)).toBe(3);
    expect(nextMessageIndex(items, 3, -1)).toBe(1);
    expect(nextMessageIndex(items, 3, 1)).toBe(-1);
  });
});

describe('lastEditable', () => {
  it('is the newest own message that still has text', () => {
    const rows: MessageRow[] = [
      message(1, noon, { isOwn: true, text: 'first' }),
      message(2, noon, { isOwn: true, text: 'second' }),
      message(3, noon, { isOwn: true, isDeleted: true, text: null }),
      message(4, noon),
    ];
    expect(lastEditable(build(rows), null, noon)?.text).toBe('second');
    expect(lastEditable(build(rows), minute, noon + 60 * minute)).toBeNull();
    expect(lastEditable(build([message(1, noon)]), null, noon)).toBeNull();
  });
});

describe('estimateHeight', () => {
  it('grows with the text, a quote and reactions', () => {
    const of = (part: Partial<MessageRow>) =>
      estimateHeight(
        { kind: 'message', key: '1', row: message(1, noon, part), isFirst: true, isLast: true },
        800,
      );
    const one = of({ text: 'short' });
    expect(of({ text: 'a\nb\nc' })).toBeGreaterThan(one);
    expect(of({ text: 'short', replyTo: { id: 'x', senderName: null, excerpt: null } })).toBeGreaterThan(one);
  });
});
