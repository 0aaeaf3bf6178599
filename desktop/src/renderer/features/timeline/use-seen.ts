/** Reports what was seen: half visible for 500 ms while the document is focused and visible. Main adds lock and focus. */
import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type RefObject } from 'react';
import { tell } from '../../lib/bridge.ts';
import type { TimelineItem } from './items.ts';
import { halfVisible, SeenTracker } from './visibility.ts';

interface SeenInput {
  readonly conversationId: string;
  readonly items: readonly TimelineItem[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly virtual: Virtualizer<HTMLDivElement, Element>;
}

/** Follows the rows on screen and sends `conversation.seen`. */
export function useSeen({ conversationId, items, scroller, virtual }: SeenInput): void {
  useSeenRows({
    place: conversationId,
    items,
    scroller,
    visible: (element) => {
      const messages = virtual.getVirtualItems().flatMap(({ index, start, end }) => {
        const item = items[index];
        return item?.kind === 'message' ? [{ seq: item.row.seq, top: start, bottom: end }] : [];
      });
      return halfVisible(messages, element.scrollTop, element.scrollTop + element.clientHeight);
    },
    report: (seq) => tell('conversation.seen', { conversationId, seq }),
  });
}

interface SeenRowsInput {
  /** What is looked at; another one starts over. */
  readonly place: string;
  readonly items: readonly TimelineItem[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Positions of the messages of which enough is in the box. */
  readonly visible: (box: HTMLDivElement) => readonly number[];
  readonly report: (seq: number) => void;
}

/** Follows the rows in a scroll box and reports how far they were seen. */
export function useSeenRows(input: SeenRowsInput): void {
  const latest = useRef(input);
  latest.current = input;
  const check = useRef<() => void>(() => undefined);
  const { place, items } = input;

  useEffect(() => {
    const tracker = new SeenTracker();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const element = latest.current.scroller.current;
    const run = () => {
      clearTimeout(timer);
      if (!element || document.visibilityState !== 'visible' || !document.hasFocus()) {
        tracker.pause();
        return;
      }
      const now = performance.now();
      tracker.update(latest.current.visible(element), now);
      const seq = tracker.take(now);
      if (seq !== null) latest.current.report(seq);
      const nextMs = tracker.nextInMs(now);
      if (nextMs !== null) timer = setTimeout(run, nextMs + 10);
    };
    check.current = run;
    element?.addEventListener('scroll', run, { passive: true });
    window.addEventListener('focus', run);
    window.addEventListener('blur', run);
    document.addEventListener('visibilitychange', run);
    run();
    return () => {
      clearTimeout(timer);
      element?.removeEventListener('scroll', run);
      window.removeEventListener('focus', run);
      window.removeEventListener('blur', run);
      document.removeEventListener('visibilitychange', run);
    };
  }, [place]);

  // New rows, and rows that got their height, change what is visible without any scrolling.
  useEffect(() => {
    const frame = requestAnimationFrame(() => check.current());
    return () => cancelAnimationFrame(frame);
  }, [items]);
}
