/**
 * The thread of a message, in the place of the details: the message, its answers, and a field for one more. Owns what
 * stands in it and where it scrolls; rows, actions and writing are those of the conversation.
 */
import './thread.css';
import { ArrowLeft, X } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationMeta } from '../../ipc/views.ts';
import { provideLookup, threadPlace } from '../lib/compose-target.ts';
import { tell } from '../lib/bridge.ts';
import { focusComposer, navigation, toggleDetails } from '../lib/navigation.ts';
import { useStore } from '../lib/store.ts';
import { useMentions } from '../lib/use-mentions.ts';
import { useSavedIds } from '../lib/use-saved.ts';
import { useMeta, useMovingView } from '../lib/use-view.ts';
import { IconButton, LinkButton } from '../ui/button.tsx';
import { Composer } from '../features/composer/composer.tsx';
import { NoComposer } from '../features/composer/no-composer.tsx';
import type { TimelineConversation } from '../features/timeline/contracts.ts';
import { buildItems, lastEditable, messageOf, type TimelineItem } from '../features/timeline/items.ts';
import { MessageOverlays, useMessageActions } from '../features/timeline/message-overlays.tsx';
import { MessageRow } from '../features/timeline/message-row.tsx';
import { SystemRow } from '../features/timeline/system-row.tsx';
import { useAnnouncements } from '../features/timeline/use-announcements.ts';
import { useSeenRows } from '../features/timeline/use-seen.ts';
import { halfVisible } from '../features/timeline/visibility.ts';

/** Answers shown at first, and how many more each time; the view gives `mostReplies` at once. */
const pageSize = 100;
const mostReplies = 400;
/** Closer to the end than this in px, what arrives is brought into view. */
const nearEndPx = 40;
const nobody: TimelineConversation['readers'] = [];

interface ThreadPaneProps {
  readonly conversationId: string;
  readonly rootId: string;
  readonly meta: ConversationMeta;
  readonly isOffline: boolean;
  /** The line that sets the pane's width. */
  readonly divider: ReactNode;
}

/** Mount with a key per thread. */
export function ThreadPane({ conversationId, rootId, meta, isOffline, divider }: ThreadPaneProps) {
  const { t } = useTranslation();
  const preferences = useMeta('preferences', {});
  const mentionables = useMentions(conversationId, meta);
  // The same view as that of the messages below: it is opened once.
  const drafts = useMeta('thread', { conversationId, rootId, limit: pageSize });
  const leave = useCallback(() => {
    toggleDetails(false);
    const root = document.querySelector<HTMLElement>(
      `[data-region="timeline"] [data-message="${CSS.escape(rootId)}"]`,
    );
    if (root) root.focus();
    else focusComposer();
  }, [rootId]);
  return (
    <aside
      className="det thread"
      aria-label={t('thread.title')}
      data-f6="details"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.shiftKey || event.defaultPrevented) return;
        event.preventDefault();
        leave();
      }}
    >
      {divider}
      <div className="det-head">
        <IconButton label={t('thread.back')} isSmall onClick={() => toggleDetails(true)}>
          <ArrowLeft className="i" />
        </IconButton>
        <h2>{t('thread.title')}</h2>
        <IconButton label={t('thread.close')} keys="Esc" onClick={leave}>
          <X className="i" />
        </IconButton>
      </div>
      <Messages conversationId={conversationId} rootId={rootId} meta={meta} isOffline={isOffline} />
      {meta.canPost ? (
        <Composer
          conversationId={conversationId}
          title={meta.row?.title ?? ''}
          draft={drafts ? drafts.draft : undefined}
          otherDraft={drafts?.otherDraft}
          clearedDraft={drafts?.clearedDraft}
          sendWith={preferences?.sendWith ?? 'enter'}
          mentionables={mentionables}
          thread={{ rootId, onLeave: leave }}
        />
      ) : (
        <NoComposer conversationId={conversationId} meta={meta} />
      )}
    </aside>
  );
}

function Messages({ conversationId, rootId, meta, isOffline }: Omit<ThreadPaneProps, 'divider'>) {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(pageSize);
  const jump = useStore(navigation, (value) => (value.threadRootId === rootId ? value.threadJump : null));
  const { state } = useMovingView('thread', { conversationId, rootId, limit }, rootId);
  const items = useMemo(() => {
    const part = (order: readonly string[]) =>
      // No start line: a thread starts with its message.
      buildItems({
        order,
        rows: state?.rows ?? {},
        dividerSeq: state?.meta.unreadFromSeq ?? null,
        hasOlder: true,
      });
    const order = state?.order ?? [];
    return [
      ...part(order.filter((key) => key === rootId)),
      ...withoutRepeatedDay(part(order.filter((key) => key !== rootId)), part([rootId])),
    ];
  }, [state, rootId]);
  const conversation = useThreadConversation(meta, conversationId);
  const place = threadPlace(rootId);
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useScroll(scroller, items, jump !== null);
  useAnnouncements(items, isAtEnd);
  useSeenRows({
    place: rootId,
    items,
    scroller,
    visible: (box) => visibleReplies(box, items, rootId),
    report: (seq) => tell('conversation.seen', { conversationId, seq, rootId }),
  });
  const actions = useMessageActions(conversation, items, {
    region: 'thread',
    place,
    scrollToIndex: (index) => {
      const key = items[index]?.key;
      const row = key === undefined ? null : scroller.current?.querySelector(`[data-message="${key}"]`);
      row?.scrollIntoView?.({ block: 'nearest' });
    },
  });
  const litKey = useJump(jump, items, scroller, () => setLimit(mostReplies));
  const { editWindowMs } = conversation.rights;
  const newest = useRef(items);
  newest.current = items;
  useEffect(
    () =>
      provideLookup(place, {
        lastOwn: () =>
          lastEditable(
            newest.current.filter((item) => item.key !== rootId),
            editWindowMs,
            Date.now(),
          ),
        find: (messageId) => messageOf(newest.current, messageId),
      }),
    [place, rootId, editWindowMs],
  );
  const messages = items.filter((item) => item.kind === 'message');
  const replies = messages.filter((item) => item.key !== rootId).length;
  const tabStop = (messages.find((item) => item.key === actions.activeKey) ?? messages.at(-1))?.key;
  const canShowOlder = state?.meta.hasOlder === true && limit < mostReplies;
  const shownReplies = messageOf(items, rootId)?.thread?.replies ?? replies;
  return (
    <>
      <div
        className="thread-body"
        role="log"
        aria-live="off"
        aria-label={t('thread.messages')}
        aria-busy={state === null || undefined}
        ref={scroller}
        data-region="thread"
      >
        {state && messages.length === 0 ? <p className="sys">{t('thread.gone')}</p> : null}
        {items.map((item, at) => (
          // A day may come twice when the clocks of senders differ.
          <div key={item.kind === 'message' ? item.key : `${item.key}:${at}`} role="presentation">
            {item.kind === 'message' ? (
              <MessageRow
                row={item.row}
                isFirst={item.isFirst}
                isLast={item.isLast}
                isDirect={conversation.isDirect}
                isTabStop={item.key === tabStop}
                isHighlighted={item.key === litKey}
                isOffline={isOffline}
                isPinned={false}
                rights={conversation.rights}
                seenBy={undefined}
                callbacks={actions.callbacks}
              />
            ) : (
              <SystemRow item={item} conversation={conversation} onJump={actions.callbacks.jumpTo} />
            )}
            {item.key === rootId ? (
              <div className="thread-count">
                {shownReplies === 0 ? t('thread.none') : t('thread.replies', { count: shownReplies })}
                {canShowOlder ? (
                  <LinkButton onClick={() => setLimit((now) => Math.min(mostReplies, now + pageSize))}>
                    {t('thread.older')}
                  </LinkButton>
                ) : null}
              </div>
            ) : null}
          </div>
        ))}
      </div>
      <MessageOverlays conversation={conversation} actions={actions} />
    </>
  );
}

/** The day stands once over the message and the answers of the same day. */
function withoutRepeatedDay(
  replies: readonly TimelineItem[],
  root: readonly TimelineItem[],
): readonly TimelineItem[] {
  const first = replies[0];
  return first?.kind === 'day' && root.some((item) => item.key === first.key) ? replies.slice(1) : replies;
}

/** What the rows must know; the same object until something of it changes. */
function useThreadConversation(meta: ConversationMeta, id: string): TimelineConversation {
  const { ownRole, canPost, row } = meta;
  const title = row?.title ?? '';
  const isDirect = row?.kind === 'direct';
  const memberCount = meta.members.length;
  const isMember = ownRole !== null;
  const savedIds = useSavedIds(id);
  return useMemo(
    () => ({
      id,
      title,
      isDirect,
      memberCount,
      rights: { isMember, canPost, canPin: false, isInThread: true },
      pinnedIds: new Set<string>(),
      savedIds,
      readers: nobody,
      unreadFromSeq: null,
      unread: 0,
    }),
    [id, title, isDirect, memberCount, isMember, canPost, savedIds],
  );
}

/** Positions of the replies of which enough is on screen; the message itself is of the conversation. */
function visibleReplies(
  box: HTMLDivElement,
  items: readonly TimelineItem[],
  rootId: string,
): readonly number[] {
  const seqs = new Map(
    items.flatMap((item) =>
      item.kind === 'message' && item.key !== rootId ? [[item.key, item.row.seq]] : [],
    ),
  );
  const placed = [...box.querySelectorAll<HTMLElement>('[data-message]')].flatMap((element) => {
    const seq = seqs.get(element.dataset['message'] ?? '');
    if (seq === undefined) return [];
    const { top, bottom } = element.getBoundingClientRect();
    return [{ seq, top, bottom }];
  });
  const { top, bottom } = box.getBoundingClientRect();
  return halfVisible(placed, top, bottom);
}

/** How long a reply that was jumped to stays marked. */
const litMs = 1_200;

/** Brings a reply into view and marks it for a moment; earlier replies are shown when it is among them. */
function useJump(
  jump: { readonly messageId: string; readonly token: number } | null,
  items: readonly TimelineItem[],
  scroller: { readonly current: HTMLDivElement | null },
  showEarlier: () => void,
): string | null {
  const [litKey, setLitKey] = useState<string | null>(null);
  const done = useRef(0);
  const latest = useRef(showEarlier);
  latest.current = showEarlier;
  useLayoutEffect(() => {
    if (!jump || done.current === jump.token || items.length === 0) return;
    const selector = `[data-message="${CSS.escape(jump.messageId)}"]`;
    const element = scroller.current?.querySelector<HTMLElement>(selector);
    if (!element) return latest.current();
    done.current = jump.token;
    element.scrollIntoView?.({ block: 'center' });
    element.focus({ preventScroll: true });
    setLitKey(jump.messageId);
  }, [jump, items, scroller]);
  useEffect(() => {
    if (litKey === null) return undefined;
    const timer = setTimeout(() => setLitKey(null), litMs);
    return () => clearTimeout(timer);
  }, [litKey]);
  return litKey;
}

/** Opens at the end (or where a jump leads) and stays there; an own answer goes there. Returns whether the end is in view. */
function useScroll(
  scroller: { readonly current: HTMLDivElement | null },
  items: readonly TimelineItem[],
  isJumping: boolean,
): () => boolean {
  const wasAtEnd = useRef(!isJumping);
  const lastKey = useRef<string | undefined>(undefined);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const note = () => {
      wasAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight <= nearEndPx;
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, [scroller]);
  useLayoutEffect(() => {
    const element = scroller.current;
    const last = items.at(-1);
    const isOwnNew = last?.kind === 'message' && last.row.isOwn && last.key !== lastKey.current;
    lastKey.current = last?.key;
    if (element && (wasAtEnd.current || isOwnNew)) element.scrollTop = element.scrollHeight;
  }, [scroller, items]);
  return useCallback(() => wasAtEnd.current, []);
}
