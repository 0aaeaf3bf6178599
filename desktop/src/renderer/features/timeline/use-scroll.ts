/**
 * Scrolling of the timeline. Owns every deliberate move (open, jump, end), the loading of rows near the edges and the
 * promise that nothing else moves what is on screen: 0 px when rows come, go or change height above.
 */
import type { Virtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { TimelineMeta } from '../../../ipc/timeline-rows.ts';
import { prefersLessMotion } from '../../lib/theme.ts';
import { indexOfKey, type TimelineItem } from './items.ts';
import { savedPosition, savePosition } from './saved-positions.ts';
import {
  latestWindow,
  newerWindow,
  olderWindow,
  windowAtMessage,
  type SavedPosition,
  type TimelineWindow,
} from './window.ts';

type TimelineVirtualizer = Virtualizer<HTMLDivElement, Element>;

interface ScrollInput {
  readonly conversationId: string;
  readonly items: readonly TimelineItem[];
  readonly meta: TimelineMeta | null;
  /** The rows still belong to the previous window. */
  readonly isStale: boolean;
  /** The window holds as many rows as it asked for, so that a larger one may bring more. */
  readonly isFull: boolean;
  readonly range: TimelineWindow;
  readonly setRange: (next: TimelineWindow) => void;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly virtual: TimelineVirtualizer;
  readonly startsAtDivider: boolean;
}

/** A move that waits for its rows. */
type Move =
  | { readonly kind: 'end' }
  | { readonly kind: 'divider' }
  | { readonly kind: 'saved'; readonly position: SavedPosition }
  | { readonly kind: 'message'; readonly messageId: string };

/** What the timeline draws from. */
export interface TimelineScroll {
  readonly isFar: boolean;
  readonly isAtEnd: () => boolean;
  readonly arrivedBelow: number;
  readonly highlightKey: string | null;
  readonly onScroll: () => void;
  readonly toEnd: () => void;
  readonly toMessage: (messageId: string) => void;
  readonly jumpDown: () => void;
  readonly firstVisible: () => TimelineItem | null;
}

/** Rows are fetched when less than this many screens of them are left. */
const prefetchScreens = 1.5;
/** Closer to the end than this counts as being there. */
const endSlackPx = 48;
const highlightMs = 1200;
/** Frames in which rows get their real heights after a jump or a new width. */
const heldFrames = 8;

/** Scrolling of one conversation; see the head of this file. */
export function useTimelineScroll(input: ScrollInput): TimelineScroll {
  const latest = useRef(input);
  latest.current = input;
  const move = useRef<Move | null>(openingMove(input));
  const anchor = useRef<SavedPosition | null>(null);
  const wasAtEnd = useRef(true);
  const held = useRef<SavedPosition | null>(null);
  const [isFar, setFar] = useState(false);
  const [seenTail, setSeenTail] = useState(0);
  const [highlightKey, setHighlight] = useState<string | null>(null);

  const distanceFromEnd = useCallback(() => {
    const element = latest.current.scroller.current;
    return element ? element.scrollHeight - element.scrollTop - element.clientHeight : 0;
  }, []);
  const isAtEnd = useCallback(
    () => latest.current.range.at.kind === 'end' && distanceFromEnd() <= endSlackPx,
    [distanceFromEnd],
  );

  /** Notes what is on screen, so that the next change can keep it there. */
  const remember = useCallback(() => {
    const { scroller, items, meta } = latest.current;
    const element = scroller.current;
    if (!element || items.length === 0) return;
    wasAtEnd.current = isAtEnd();
    if (!held.current) anchor.current = topMessage(latest.current);
    const distance = distanceFromEnd();
    setFar(
      distance > element.clientHeight || (latest.current.range.at.kind !== 'end' && meta?.hasNewer === true),
    );
    if (wasAtEnd.current) setSeenTail(newestSeq(items));
  }, [isAtEnd, distanceFromEnd]);

  /** Keeps a message where it is while rows get their heights over the next frames. */
  const hold = useCallback(
    (position: SavedPosition) => {
      held.current = position;
      let frames = heldFrames;
      const step = () => {
        if (held.current !== position) return;
        keepInPlace(position, latest.current);
        frames -= 1;
        if (frames > 0) requestAnimationFrame(step);
        else {
          held.current = null;
          remember();
        }
      };
      step();
    },
    [remember],
  );

  const loadNearEdges = useCallback(() => {
    const { scroller, items, meta, isStale, isFull, range, setRange } = latest.current;
    const element = scroller.current;
    if (!element || !meta || isStale || move.current || items.length === 0) return;
    const near = element.clientHeight * prefetchScreens;
    const edges = {
      hasOlder: meta.hasOlder,
      hasNewer: meta.hasNewer,
      tailSeq: meta.tailSeq,
      firstVisibleSeq: topMessage(latest.current)?.seq ?? null,
      lastVisibleSeq: bottomSeq(latest.current),
    };
    const isHoleAtTop = items[0]?.kind === 'hole' || items[1]?.kind === 'hole';
    let next = range;
    if (element.scrollTop < near && isFull && !isHoleAtTop) next = olderWindow(range, edges);
    else if (distanceFromEnd() < near) next = newerWindow(range, edges);
    if (next !== range) setRange(next);
  }, [distanceFromEnd]);

  const onScroll = useCallback(() => {
    if (move.current) return;
    remember();
    loadNearEdges();
  }, [remember, loadNearEdges]);

  const { items, isStale, virtual } = input;
  useLayoutEffect(() => {
    if (move.current && !isStale && items.length > 0) {
      const done = perform(move.current, latest.current);
      if (done) {
        const made = move.current;
        move.current = null;
        if (made.kind === 'message') setHighlight(made.messageId);
        if (made.kind === 'saved') hold(made.position);
      }
    } else if (!move.current && wasAtEnd.current) {
      // Whoever reads at the end stays there, whatever arrives or grows.
      if (distanceFromEnd() > 0) virtual.scrollToEnd();
    } else if (!move.current) {
      keepInPlace(anchor.current, latest.current);
    }
    remember();
    loadNearEdges();
  }, [items, isStale, virtual, hold, remember, loadNearEdges, distanceFromEnd]);

  useEffect(() => {
    if (!highlightKey) return undefined;
    const timer = setTimeout(() => setHighlight(null), highlightMs);
    return () => clearTimeout(timer);
  }, [highlightKey]);

  // A view that changes its size keeps its end, or the message it showed first; all rows get new heights by it.
  useEffect(() => {
    const element = latest.current.scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      if (move.current) return;
      if (wasAtEnd.current) virtual.scrollToEnd();
      else if (anchor.current) hold(anchor.current);
    });
    const letGo = () => {
      held.current = null;
    };
    observer.observe(element);
    element.addEventListener('wheel', letGo, { passive: true });
    return () => {
      letGo();
      observer.disconnect();
      element.removeEventListener('wheel', letGo);
    };
  }, [virtual, hold]);

  const { conversationId } = input;
  useEffect(
    () => () =>
      savePosition(conversationId, wasAtEnd.current ? null : anchor.current, virtual.takeSnapshot()),
    [conversationId, virtual],
  );

  const go = useCallback((next: Move, range: TimelineWindow) => {
    move.current = next;
    const { setRange, isStale: isWaiting, items: rows } = latest.current;
    // A message that is not among these rows is asked for: it may stand further up, or in a thread.
    const isElsewhere = next.kind === 'message' && indexOfKey(rows, next.messageId) < 0;
    if (!isWaiting && !isElsewhere && perform(next, latest.current)) {
      move.current = null;
      if (next.kind === 'message') setHighlight(next.messageId);
      return;
    }
    setRange(range);
  }, []);

  const toEnd = useCallback(() => {
    wasAtEnd.current = true;
    const { range, meta } = latest.current;
    const isLatest = range.at.kind === 'end' && meta?.hasNewer !== true;
    if (isLatest) {
      scrollToEnd(latest.current, distanceFromEnd());
      move.current = null;
    } else {
      move.current = { kind: 'end' };
      latest.current.setRange(latestWindow);
    }
  }, [distanceFromEnd]);

  const toMessage = useCallback(
    (messageId: string) => go({ kind: 'message', messageId }, windowAtMessage(messageId)),
    [go],
  );

  const jumpDown = useCallback(() => {
    const { items: rows, virtual: list, scroller } = latest.current;
    const divider = indexOfKey(rows, 'unread');
    const start = divider < 0 ? undefined : list.measurementsCache[divider]?.start;
    const bottom = (scroller.current?.scrollTop ?? 0) + (scroller.current?.clientHeight ?? 0);
    if (start !== undefined && start > bottom) list.scrollToIndex(divider, { align: 'start' });
    else toEnd();
  }, [toEnd]);

  const firstVisible = useCallback(() => {
    const { virtual: list, items: rows, scroller } = latest.current;
    const top = list.getVirtualItemForOffset(scroller.current?.scrollTop ?? 0);
    return top ? (rows[top.index] ?? null) : null;
  }, []);

  const arrivedBelow = useMemo(
    () =>
      items.filter(
        (item) =>
          item.kind === 'message' && !item.row.isOwn && (item.row.seq ?? 0) > seenTail && seenTail > 0,
      ).length,
    [items, seenTail],
  );

  return useMemo(
    () => ({
      isFar,
      isAtEnd,
      arrivedBelow,
      highlightKey,
      onScroll,
      toEnd,
      toMessage,
      jumpDown,
      firstVisible,
    }),
    [isFar, isAtEnd, arrivedBelow, highlightKey, onScroll, toEnd, toMessage, jumpDown, firstVisible],
  );
}

function openingMove({ conversationId, startsAtDivider }: ScrollInput): Move {
  if (startsAtDivider) return { kind: 'divider' };
  const position = savedPosition(conversationId);
  return position ? { kind: 'saved', position } : { kind: 'end' };
}

/** Carries a move out; false when its row is not there yet. */
function perform(move: Move, { items, virtual, meta }: ScrollInput): boolean {
  if (items.length === 0) return false;
  switch (move.kind) {
    case 'end':
      virtual.scrollToEnd();
      return true;
    case 'divider': {
      const index = indexOfKey(items, 'unread');
      // Nothing unread is left (read elsewhere meanwhile): the end it is.
      if (index < 0) virtual.scrollToEnd();
      else virtual.scrollToIndex(index, { align: 'start' });
      return true;
    }
    case 'saved':
      // Found: held in place right after; gone meanwhile: the end.
      if (indexOfKey(items, move.position.key) < 0) virtual.scrollToEnd();
      return true;
    case 'message': {
      const index = indexOfKey(items, move.messageId);
      if (index >= 0) virtual.scrollToIndex(index, { align: 'center' });
      // Its window came and does not hold it: it is not on this device and cannot be had.
      return (
        index >= 0 || (meta !== null && !meta.isFirstLoad && items.every((item) => item.kind !== 'hole'))
      );
    }
  }
}

/** Smooth when close, instant when far or when motion is unwelcome. */
function scrollToEnd({ items, virtual, scroller }: ScrollInput, distancePx: number): void {
  const isNear = distancePx < 2 * (scroller.current?.clientHeight ?? 0);
  const behavior = isNear && distancePx > endSlackPx && !prefersLessMotion() ? 'smooth' : 'auto';
  if (items.length > 0) virtual.scrollToEnd({ behavior });
}

/**
 * Puts the remembered message back where it was. The virtualizer does so by itself as long as its own anchor row still
 * exists; this covers the rest (a hole or a day line that was replaced by messages).
 */
function keepInPlace(anchor: SavedPosition | null, { items, virtual, scroller }: ScrollInput): void {
  const element = scroller.current;
  if (!anchor || !element) return;
  const start = virtual.measurementsCache[indexOfKey(items, anchor.key)]?.start;
  if (start === undefined) return;
  const drift = start - element.scrollTop - anchor.offsetPx;
  if (Math.abs(drift) >= 1) element.scrollTop += drift;
}

/** The first message at least partly on screen. */
function topMessage({ items, virtual, scroller }: ScrollInput): SavedPosition | null {
  const top = scroller.current?.scrollTop ?? 0;
  for (const each of virtual.getVirtualItems()) {
    const item = items[each.index];
    if (each.end > top && item?.kind === 'message' && item.row.seq !== null) {
      return { key: item.key, seq: item.row.seq, offsetPx: each.start - top };
    }
  }
  return null;
}

function bottomSeq({ items, virtual, scroller }: ScrollInput): number | null {
  const bottom = (scroller.current?.scrollTop ?? 0) + (scroller.current?.clientHeight ?? 0);
  let seq: number | null = null;
  for (const each of virtual.getVirtualItems()) {
    const item = items[each.index];
    if (each.start < bottom && item?.kind === 'message' && item.row.seq !== null) seq = item.row.seq;
  }
  return seq;
}

function newestSeq(items: readonly TimelineItem[]): number {
  for (let at = items.length - 1; at >= 0; at -= 1) {
    const item = items[at];
    if (item?.kind === 'message' && item.row.seq !== null) return item.row.seq;
  }
  return 0;
}
