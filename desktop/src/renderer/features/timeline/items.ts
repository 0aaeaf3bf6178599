/**
 * Rows of the timeline as they are drawn. Owns day separators, the unread divider, the start line and grouping; pure,
 * so that what stands where can be tested without a screen.
 */
import type { HoleRow, NoticeRow } from '../../../ipc/timeline-rows.ts';
import type { MessageRow, TimelineRow } from '../../../ipc/message-rows.ts';
import { dayKey } from '../../lib/format.ts';
import { isSameNews } from './notice-text.ts';

/** Messages of one sender closer than this stand in one group. */
const groupGapMs = 5 * 60_000;

/** One drawn row. Keys are stable: a message keeps its key from queued to read. */
export type TimelineItem =
  | { readonly kind: 'start'; readonly key: string }
  | { readonly kind: 'day'; readonly key: string; readonly atMs: number }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'hole'; readonly key: string; readonly row: HoleRow }
  /** neighbours that say the same of several people are one */
  | { readonly kind: 'notice'; readonly key: string; readonly rows: readonly NoticeRow[] }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly row: MessageRow;
      readonly isFirst: boolean;
      readonly isLast: boolean;
    };

interface BuildInput {
  readonly order: readonly string[];
  readonly rows: Readonly<Record<string, TimelineRow>>;
  /** The divider stands before the first message at or after this position; null: no divider. */
  readonly dividerSeq: number | null;
  readonly hasOlder: boolean;
}

/** Builds the drawn rows from a view. */
export function buildItems({ order, rows, dividerSeq, hasOlder }: BuildInput): TimelineItem[] {
  const items: TimelineItem[] = [];
  let previous: MessageRow | null = null;
  let day: string | null = null;
  let isDividerPlaced = dividerSeq === null || hasAnswered(order, rows, dividerSeq);
  if (!hasOlder) items.push({ kind: 'start', key: 'start' });
  for (const key of order) {
    const row = rows[key];
    if (!row) continue;
    if (row.kind === 'hole') {
      items.push({ kind: 'hole', key, row });
      previous = null;
      continue;
    }
    const rowDay = dayKey(row.atMs);
    if (rowDay !== day) {
      items.push({
        kind: 'day',
        key: `day:${rowDay}:${isRepeated(items, rowDay) ? key : ''}`,
        atMs: row.atMs,
      });
      day = rowDay;
      previous = null;
    }
    if (row.kind === 'notice') {
      addNotice(items, key, row);
      previous = null;
      continue;
    }
    if (!isDividerPlaced && isUnread(row, dividerSeq)) {
      items.push({ kind: 'unread', key: 'unread' });
      isDividerPlaced = true;
      previous = null;
    }
    const isFirst = !previous || !isSameGroup(previous, row);
    if (isFirst) closeGroup(items);
    items.push({ kind: 'message', key, row, isFirst, isLast: true });
    if (!isFirst) openPrevious(items);
    previous = row;
  }
  return items;
}

function addNotice(items: TimelineItem[], key: string, row: NoticeRow): void {
  const last = items.at(-1);
  const before = last?.kind === 'notice' ? last.rows.at(-1) : undefined;
  const isTogether =
    before !== undefined && isSameNews(before, row) && Math.abs(row.atMs - before.atMs) < groupGapMs;
  if (last?.kind === 'notice' && isTogether) items[items.length - 1] = { ...last, rows: [...last.rows, row] };
  else items.push({ kind: 'notice', key, rows: [row] });
}

/** Whoever wrote after the first unread message has been here: an own message ends the divider, also an earlier run's. */
function hasAnswered(
  order: readonly string[],
  rows: Readonly<Record<string, TimelineRow>>,
  dividerSeq: number,
): boolean {
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const row = rows[order[at] ?? ''];
    if (row?.kind !== 'message') continue;
    if (row.isOwn && (row.seq === null || row.seq > dividerSeq)) return true;
    if (row.seq !== null && row.seq <= dividerSeq) return false;
  }
  return false;
}

function isUnread(row: MessageRow, dividerSeq: number | null): boolean {
  return dividerSeq !== null && !row.isOwn && row.seq !== null && row.seq >= dividerSeq;
}

/** Clocks of senders may go backwards, so the same day can come twice; its second separator needs its own key. */
function isRepeated(items: readonly TimelineItem[], day: string): boolean {
  return items.some((item) => item.kind === 'day' && dayKey(item.atMs) === day);
}

function isSameGroup(before: MessageRow, after: MessageRow): boolean {
  return (
    before.senderId === after.senderId &&
    before.isDeleted === after.isDeleted &&
    Math.abs(after.atMs - before.atMs) < groupGapMs
  );
}

function closeGroup(items: TimelineItem[]): void {
  const last = items.at(-1);
  if (last?.kind === 'message' && !last.isLast) items[items.length - 1] = { ...last, isLast: true };
}

/** The message before the one just added is no longer the last of its group. */
function openPrevious(items: TimelineItem[]): void {
  const at = items.length - 2;
  const before = items[at];
  if (before?.kind === 'message') items[at] = { ...before, isLast: false };
}

/** Index of the item with a key, or −1. */
export function indexOfKey(items: readonly TimelineItem[], key: string): number {
  return items.findIndex((item) => item.key === key);
}

/** The next message above or below an item, for the arrow keys; −1 when there is none. */
export function nextMessageIndex(items: readonly TimelineItem[], from: number, step: 1 | -1): number {
  for (let at = from + step; at >= 0 && at < items.length; at += step) {
    if (items[at]?.kind === 'message') return at;
  }
  return -1;
}

/** The newest own message whose text can be edited. */
export function lastEditable(
  items: readonly TimelineItem[],
  editWindowMs: number | null | undefined,
  nowMs: number,
): MessageRow | null {
  for (let at = items.length - 1; at >= 0; at -= 1) {
    const item = items[at];
    if (item?.kind === 'message' && item.row.isOwn && !item.row.isDeleted && item.row.text !== null) {
      return isInEditWindow(item.row, editWindowMs, nowMs) ? item.row : null;
    }
  }
  return null;
}

/** Whether an author may still change what they wrote: the server has had it for less than the organization allows. */
export function isInEditWindow(
  row: Pick<MessageRow, 'seq' | 'atMs'>,
  editWindowMs: number | null | undefined,
  nowMs: number,
): boolean {
  return row.seq === null || editWindowMs == null || nowMs - row.atMs <= editWindowMs;
}

/** The message with an id, when it is among the rows. */
export function messageOf(items: readonly TimelineItem[], messageId: string): MessageRow | null {
  const item = items.find((each) => each.key === messageId);
  return item?.kind === 'message' ? item.row : null;
}

/**
 * Expected height of a row in px before it is measured. Close guesses keep the scroll bar steady; the anchor keeps the
 * visible rows steady whatever the guess.
 */
export function estimateHeight(item: TimelineItem, widthPx: number): number {
  if (item.kind === 'day') return 52;
  if (item.kind === 'unread') return 34;
  if (item.kind === 'start') return 56;
  if (item.kind === 'hole') return 64;
  if (item.kind === 'notice') return 20 + 16 * (item.rows[0]?.notices.length ?? 1);
  const perLine = Math.max(20, Math.floor(Math.min(540, widthPx * 0.86) / 7.6));
  const text = item.row.isDeleted ? '' : (item.row.text ?? '');
  const lines = text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / perLine)), 0);
  const base = 16 + Math.max(1, lines) * 21.3;
  const quote = (item.row.replyTo ? 54 : 0) + (item.row.preview ? 92 : 0);
  const reactions = item.row.reactions.length > 0 ? 30 : 0;
  const thread = item.row.thread ? 27 : 0;
  return Math.round(base + quote + reactions + thread + (item.isFirst ? 12 : 3));
}
