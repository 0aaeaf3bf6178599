/**
 * The timeline of one conversation. Owns the list on screen: which rows, in which order, with one tab stop. Where it
 * scrolls lives in `use-scroll.ts`, what counts as seen in `use-seen.ts`, what can be done with a message in
 * `actions.ts`.
 */
import './timeline.css';
import './bubble.css';
import './marks.css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { latestRequests, ownSends, provideLookup } from '../../lib/compose-target.ts';
import { jumpTo, navigation, showThread } from '../../lib/navigation.ts';
import { useStore } from '../../lib/store.ts';
import { useLasting, useMovingView } from '../../lib/use-view.ts';
import { DateDialog } from './date-dialog.tsx';
import { DayPill } from './day-pill.tsx';
import { buildItems, estimateHeight, lastEditable, messageOf, type TimelineItem } from './items.ts';
import type { TimelineConversation } from './contracts.ts';
import { JumpButton } from './jump-button.tsx';
import { MessageOverlays, useMessageActions } from './message-overlays.tsx';
import { MessageRow } from './message-row.tsx';
import { TimelineSkeleton } from './skeleton.tsx';
import { SystemRow } from './system-row.tsx';
import { measurementsOf, savedPosition } from './saved-positions.ts';
import { useAnnouncements } from './use-announcements.ts';
import { useTimelineScroll } from './use-scroll.ts';
import { useSeen } from './use-seen.ts';
import { useSeenBy } from './use-seen-by.ts';
import { openingWindow, type TimelineWindow } from './window.ts';

const noRows: readonly TimelineItem[] = [];
/** Rows drawn beyond the visible ones: a few while a conversation opens, the usual number once it is on screen. */
const openingOverscan = 2;
const settledOverscan = 8;
const settleMs = 300;
/** A scroll position below any end; the list takes its end for it. */
const farDown = 1e9;
/** Size of the last timeline, which is the size of the next one unless the window changed meanwhile. */
let lastRect = { width: 0, height: 0 };

/** Mount with a key per conversation: nothing of one may show in another. */
export const Timeline = memo(function Timeline({
  conversation,
  isOffline,
}: {
  readonly conversation: TimelineConversation;
  readonly isOffline: boolean;
}) {
  const { t } = useTranslation();
  const { id: conversationId, isDirect } = conversation;
  const [dividerSeq, setDividerSeq] = useState(conversation.unreadFromSeq);
  const [range, setRange] = useState<TimelineWindow>(() =>
    openingWindow(conversation.unreadFromSeq, conversation.unread, savedPosition(conversationId)),
  );
  const [opensAtEnd] = useState(
    conversation.unreadFromSeq === null && savedPosition(conversationId) === null,
  );
  const isSettled = useLasting(true, settleMs);
  const view = useMovingView('timeline', { conversationId, ...range }, conversationId);
  const { state } = view;
  const items = useMemo(
    () =>
      state
        ? buildItems({
            order: state.order,
            rows: state.rows,
            dividerSeq,
            hasOlder: state.meta.hasOlder || state.meta.isFirstLoad,
          })
        : noRows,
    [state, dividerSeq],
  );

  const scroller = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const item = items[index];
      return item ? estimateHeight(item, width) : 40;
    },
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: isSettled ? settledOverscan : openingOverscan,
    anchorTo: 'end',
    // Room for the avatars on the edge of the last bubble.
    paddingEnd: 12,
    scrollPaddingStart: Math.round((scroller.current?.clientHeight ?? 600) / 3),
    initialMeasurementsCache: measurementsOf(conversationId),
    // Drawn where it will stand from the start: rows at the top would be made only to be thrown away.
    initialOffset: opensAtEnd ? farDown : 0,
    initialRect: lastRect,
  });
  const scroll = useTimelineScroll({
    conversationId,
    items,
    meta: state?.meta ?? null,
    isStale: view.isStale,
    isFull: (state?.order.length ?? 0) >= range.limit,
    range,
    setRange,
    scroller,
    virtual,
    startsAtDivider: conversation.unreadFromSeq !== null,
  });
  useSeen({ conversationId, items, scroller, virtual });
  useAnnouncements(items, scroll.isAtEnd);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      lastRect = { width: element.offsetWidth, height: element.offsetHeight };
      setWidth(Math.round(element.clientWidth / 40) * 40);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const { editWindowMs } = conversation.rights;
  const newest = useRef(items);
  newest.current = items;
  useEffect(
    () =>
      provideLookup(conversationId, {
        lastOwn: () => lastEditable(newest.current, editWindowMs, Date.now()),
        find: (messageId) => messageOf(newest.current, messageId),
      }),
    [conversationId, editWindowMs],
  );

  // Own send and Esc in the composer: to the end, and the divider has served.
  const sends = useStore(ownSends, (value) => (value.conversationId === conversationId ? value.count : 0));
  const requests = useStore(latestRequests, (value) => value);
  const handled = useRef({ sends, requests });
  useEffect(() => {
    if (handled.current.sends === sends && handled.current.requests === requests) return;
    handled.current = { sends, requests };
    setDividerSeq(null);
    scroll.toEnd();
  }, [sends, requests, scroll]);

  const jump = useStore(navigation, (value) => value.jump);
  const jumpToken = jump?.conversationId === conversationId ? jump.token : 0;
  const jumpTarget = jump?.messageId;
  useEffect(() => {
    if (jumpToken > 0 && jumpTarget) scroll.toMessage(jumpTarget);
  }, [jumpToken, jumpTarget, scroll]);
  // A reply stands in its thread; here stands what the thread is about.
  const rootId = state?.meta.inThread?.rootId;
  const replyId = state?.meta.inThread?.messageId;
  useEffect(() => {
    if (rootId === undefined || replyId === undefined) return;
    showThread(rootId, replyId);
    jumpTo(conversationId, rootId);
  }, [conversationId, rootId, replyId]);

  const actions = useMessageActions(conversation, items, {
    region: 'timeline',
    place: conversationId,
    scrollToIndex: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
  });
  const drawn = virtual.getVirtualItems();
  const tabStop = tabStopKey(
    items,
    drawn.map((each) => each.index),
    actions.activeKey,
  );
  const seen = useSeenBy(items, conversation.readers);
  const isEmptyLoading = useLasting(items.length === 0 && (!state || state.meta.isFirstLoad), 150);

  return (
    <div className="tl-wrap">
      <div
        className="tl"
        role="log"
        aria-live="off"
        aria-label={t('timeline.label')}
        aria-busy={isEmptyLoading || undefined}
        ref={scroller}
        onScroll={scroll.onScroll}
        data-region="timeline"
      >
        {isEmptyLoading ? <TimelineSkeleton /> : null}
        <div className="tl-in" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {drawn.map((each) => {
            const item = items[each.index];
            if (!item) return null;
            return (
              <div
                key={each.key}
                className="tl-row"
                role="presentation"
                data-index={each.index}
                ref={virtual.measureElement}
                style={{ transform: `translateY(${each.start}px)` }}
              >
                {item.kind === 'message' ? (
                  <MessageRow
                    row={item.row}
                    isFirst={item.isFirst}
                    isLast={item.isLast}
                    isDirect={isDirect}
                    isTabStop={item.key === tabStop}
                    isHighlighted={item.key === scroll.highlightKey}
                    isOffline={isOffline}
                    isPinned={conversation.pinnedIds.has(item.key)}
                    rights={conversation.rights}
                    seenBy={seen.get(item.key)}
                    callbacks={actions.callbacks}
                  />
                ) : (
                  <SystemRow item={item} conversation={conversation} onJump={actions.callbacks.jumpTo} />
                )}
              </div>
            );
          })}
        </div>
      </div>
      <DayPill conversationId={conversationId} scroller={scroller} firstVisible={scroll.firstVisible} />
      {scroll.isFar ? <JumpButton count={scroll.arrivedBelow} onJump={scroll.jumpDown} /> : null}
      <MessageOverlays conversation={conversation} actions={actions} />
      <DateDialog conversationId={conversationId} />
    </div>
  );
});

/** The one tab stop: the message that had focus while it is drawn, else the last drawn one. */
function tabStopKey(
  items: readonly TimelineItem[],
  drawn: readonly number[],
  activeKey: string | null,
): string | null {
  let last: string | null = null;
  for (const index of drawn) {
    const item = items[index];
    if (item?.kind !== 'message') continue;
    if (item.key === activeKey) return activeKey;
    last = item.key;
  }
  return last;
}
