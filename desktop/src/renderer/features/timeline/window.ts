/**
 * Which part of a conversation is on screen. Owns the moves of the window over the log (open, older, newer, latest,
 * jump) as pure functions; the core fills whatever range they ask for.
 */
import type { ViewParams } from '../../../ipc/views.ts';

/** Parameters of the timeline view without the conversation. */
export type TimelineWindow = Pick<ViewParams<'timeline'>, 'at' | 'limit'>;

/** Where a conversation was left. */
export interface SavedPosition {
  /** Key of the first visible message. */
  readonly key: string;
  /** Its position in the log. */
  readonly seq: number;
  /** Distance of its top from the top of the view, in px. */
  readonly offsetPx: number;
}

/** What the window shows at its edges. */
export interface WindowEdges {
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly tailSeq: number;
  /** Positions of the first and last message on screen; null when none is known. */
  readonly firstVisibleSeq: number | null;
  readonly lastVisibleSeq: number | null;
}

/** Rows of the first window. */
const firstRows = 60;
/** Rows added when the edge comes near. */
const pageRows = 50;
/** Most rows held; beyond it the window moves instead of growing. */
const maxRows = 300;
/** Rows of a window around a position. */
const aroundRows = 200;

/** The window at the newest messages. */
export const latestWindow: TimelineWindow = { at: { kind: 'end' }, limit: firstRows };

/** First window of a conversation: the first unread message, else where it was left, else the end. */
export function openingWindow(
  unreadFromSeq: number | null,
  unread: number,
  saved: SavedPosition | null,
): TimelineWindow {
  if (unreadFromSeq !== null && unread > firstRows / 2) {
    return { at: { kind: 'seq', seq: unreadFromSeq }, limit: aroundRows };
  }
  if (unreadFromSeq === null && saved) return { at: { kind: 'seq', seq: saved.seq }, limit: aroundRows };
  return latestWindow;
}

/** The window around a message. */
export function windowAtMessage(messageId: string): TimelineWindow {
  return { at: { kind: 'message', messageId }, limit: aroundRows };
}

/** The next window when older rows are needed; the same object when there is nothing to load. */
export function olderWindow(current: TimelineWindow, edges: WindowEdges): TimelineWindow {
  if (!edges.hasOlder) return current;
  if (current.at.kind === 'end' && current.limit < maxRows) {
    return { at: current.at, limit: Math.min(maxRows, current.limit + pageRows) };
  }
  return around(current, edges.firstVisibleSeq);
}

/** The next window when newer rows are needed; joins the end as soon as it is near. */
export function newerWindow(current: TimelineWindow, edges: WindowEdges): TimelineWindow {
  if (current.at.kind === 'end') return current;
  const last = edges.lastVisibleSeq;
  if (!edges.hasNewer || (last !== null && edges.tailSeq - last < aroundRows / 2)) {
    return { at: { kind: 'end' }, limit: aroundRows };
  }
  return around(current, last);
}

function around(current: TimelineWindow, seq: number | null): TimelineWindow {
  if (seq === null) return current;
  if (current.at.kind === 'seq' && current.at.seq === seq && current.limit === aroundRows) return current;
  return { at: { kind: 'seq', seq }, limit: aroundRows };
}
