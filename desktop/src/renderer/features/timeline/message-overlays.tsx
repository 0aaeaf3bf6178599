/** Menu, picker and questions of the timeline, and the keyboard on a message. One of each for all rows. */
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { MessageRow } from '../../../ipc/message-rows.ts';
import { jumpTo } from '../../lib/navigation.ts';
import { EmojiPicker } from '../../ui/emoji-picker.tsx';
import {
  actionsFor,
  deleteForEveryone,
  focusWriting,
  runAction,
  setReaction,
  toggleReaction,
  type MessageAction,
} from './actions.ts';
import { marksOf, type RowCallbacks, type TimelineConversation } from './contracts.ts';
import { indexOfKey, nextMessageIndex, type TimelineItem } from './items.ts';
import { DeleteQuestion, MessageMenu, type MenuTarget } from './message-menu.tsx';

/** State and callbacks of everything that hangs on a message. */
export interface MessageActions {
  readonly callbacks: RowCallbacks;
  readonly activeKey: string | null;
  readonly menu: MenuTarget | null;
  readonly picker: { readonly row: MessageRow; readonly anchor: Element } | null;
  readonly question: MessageRow | null;
  readonly closeMenu: () => void;
  readonly closePicker: () => void;
  readonly closeQuestion: () => void;
  readonly act: (action: MessageAction, row: MessageRow) => void;
}

/** Messages moved by PageUp and PageDown. */
const pageSteps = 8;

/** The list the messages stand in. */
export interface MessageListing {
  /** `data-region` of its scroll box. */
  readonly region: 'timeline' | 'thread';
  /** Where answers and edits are written; see `threadPlace`. */
  readonly place: string;
  /** Brings an item into view, so that it can take the focus. */
  readonly scrollToIndex: (index: number) => void;
}

/** Wires rows to actions; the callbacks never change identity. */
export function useMessageActions(
  conversation: TimelineConversation,
  items: readonly TimelineItem[],
  listing: MessageListing,
): MessageActions {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const [menu, setMenu] = useState<MenuTarget | null>(null);
  const [picker, setPicker] = useState<MessageActions['picker']>(null);
  const [question, setQuestion] = useState<MessageRow | null>(null);
  const latest = useRef({ items, listing, conversation });
  latest.current = { items, listing, conversation };
  const conversationId = conversation.id;
  const { region, place } = listing;

  const stable = useMemo(() => {
    const act = (action: MessageAction, row: MessageRow) => {
      if (action === 'deleteForEveryone') setQuestion(row);
      else if (action === 'react') {
        const anchor = document.querySelector(`${messageIn(region, row.id)} .bub`);
        if (anchor) setPicker({ row, anchor });
      } else {
        if (action === 'deleteForMe') focusNeighbour(row);
        runAction(action, conversationId, place, row);
      }
    };
    // The message is about to leave the screen; focus must not leave with it.
    const focusNeighbour = (row: MessageRow) => {
      const { items: rows } = latest.current;
      const from = indexOfKey(rows, row.id);
      const next = nextMessageIndex(rows, from, 1);
      focusIndex(next >= 0 ? next : nextMessageIndex(rows, from, -1));
    };
    const focusIndex = (index: number) => {
      const { items: rows, listing: list } = latest.current;
      const item = rows[index];
      if (!item) return;
      list.scrollToIndex(index);
      setActiveKey(item.key);
      focusWhenDrawn(messageIn(region, item.key));
    };
    const callbacks: RowCallbacks = {
      openMenu: (row, anchor) => setMenu({ row, anchor }),
      openPicker: (row, anchor) => setPicker({ row, anchor }),
      reply: (row) => act('reply', row),
      openThread: (row) => act('thread', row),
      acknowledge: (row) => act('acknowledge', row),
      toggleReaction: (row, emoji) => toggleReaction(conversationId, row, emoji),
      jumpTo: (messageId) => {
        const at = region === 'thread' ? indexOfKey(latest.current.items, messageId) : -1;
        if (at >= 0) focusIndex(at);
        // Wherever it stands: the timeline knows whether that is a thread, this one or another.
        else jumpTo(conversationId, messageId);
      },
      focused: (row) => setActiveKey(row.id),
      keyDown: (row, event) => {
        if (event.target !== event.currentTarget) return;
        const from = indexOfKey(latest.current.items, row.id);
        const target = indexForKey(event.key, latest.current.items, from);
        if (target !== null) {
          event.preventDefault();
          if (target >= 0) focusIndex(target);
          return;
        }
        const { conversation: now } = latest.current;
        const offered = actionsFor(row, now.rights, marksOf(now, row), Date.now());
        if (event.key === 'Escape' && !event.shiftKey) {
          if (focusWriting(place)) event.preventDefault();
          return;
        }
        onMessageKey(event, row, offered, act, (anchor) => setMenu({ row, anchor }));
      },
    };
    return { act, callbacks };
  }, [conversationId, region, place]);

  return {
    ...stable,
    activeKey,
    menu,
    picker,
    question,
    closeMenu: () => setMenu(null),
    closePicker: () => setPicker(null),
    closeQuestion: () => setQuestion(null),
  };
}

/** The item an arrow key leads to: −1 for "nowhere further", null when the key means something else. */
function indexForKey(key: string, items: readonly TimelineItem[], from: number): number | null {
  switch (key) {
    case 'ArrowUp':
      return nextMessageIndex(items, from, -1);
    case 'ArrowDown':
      return nextMessageIndex(items, from, 1);
    case 'Home':
      return nextMessageIndex(items, -1, 1);
    case 'End':
      return nextMessageIndex(items, items.length, -1);
    case 'PageUp':
    case 'PageDown': {
      const step = key === 'PageUp' ? -1 : 1;
      let at = from;
      for (let count = 0; count < pageSteps; count += 1) {
        const next = nextMessageIndex(items, at, step);
        if (next < 0) break;
        at = next;
      }
      return at === from ? -1 : at;
    }
    default:
      return null;
  }
}

/** Single letters act on the focused message; other printable keys go to the composer. */
function onMessageKey(
  event: KeyboardEvent<HTMLElement>,
  row: MessageRow,
  offered: readonly MessageAction[],
  act: (action: MessageAction, row: MessageRow) => void,
  openMenu: (anchor: Element) => void,
): void {
  if (event.key === 'Enter' || event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
    event.preventDefault();
    openMenu(event.currentTarget.querySelector('.bub') ?? event.currentTarget);
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === 'c' && !window.getSelection()?.toString()) {
    act('copy', row);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const action = letterAction(event.key, offered);
  if (action) {
    event.preventDefault();
    act(action, row);
  }
}

function letterAction(key: string, offered: readonly MessageAction[]): MessageAction | null {
  const byKey: Record<string, MessageAction> = {
    r: 'reply',
    a: 'acknowledge',
    t: 'thread',
    e: 'edit',
    '+': 'react',
    i: 'info',
    u: 'markUnread',
    f: 'forward',
    s: offered.includes('unsave') ? 'unsave' : 'save',
    p: offered.includes('unpin') ? 'unpin' : 'pin',
    Delete: offered.includes('deleteForEveryone') ? 'deleteForEveryone' : 'deleteForMe',
    Backspace: offered.includes('deleteForEveryone') ? 'deleteForEveryone' : 'deleteForMe',
  };
  const action = byKey[key.length === 1 ? key.toLowerCase() : key];
  return action && offered.includes(action) ? action : null;
}

/** Rows outside the view are drawn a frame after scrolling there. */
function focusWhenDrawn(selector: string, tries = 10): void {
  const element = document.querySelector<HTMLElement>(selector);
  if (element) element.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusWhenDrawn(selector, tries - 1));
}

/** A message in one of the lists: the first of a thread stands in both. */
function messageIn(region: MessageListing['region'], messageId: string): string {
  return `[data-region="${region}"] [data-message="${messageId}"]`;
}

/** Draws what is open. */
export function MessageOverlays({
  conversation,
  actions,
}: {
  readonly conversation: TimelineConversation;
  readonly actions: MessageActions;
}) {
  const { id, isDirect, title, memberCount } = conversation;
  return (
    <>
      <MessageMenu
        target={actions.menu}
        conversation={conversation}
        onClose={actions.closeMenu}
        onAction={actions.act}
        onReact={(row, emoji) => toggleReaction(id, row, emoji)}
      />
      <EmojiPicker
        anchor={actions.picker?.anchor ?? null}
        onClose={actions.closePicker}
        onPick={(emoji) => actions.picker && void setReaction(id, actions.picker.row, emoji, true)}
      />
      <DeleteQuestion
        row={actions.question}
        peerName={isDirect ? title : null}
        memberCount={memberCount}
        onKeep={actions.closeQuestion}
        onDelete={(row) => {
          actions.closeQuestion();
          void deleteForEveryone(id, row.id);
        }}
      />
    </>
  );
}
