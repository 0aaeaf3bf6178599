/**
 * Keyboard for the whole window. Owns the table of commands that work wherever focus is, F6 between regions, and the
 * rule that typing outside a field goes to the composer.
 */
import { useEffect, useRef } from 'react';
import type { ConversationRow } from '../../ipc/views.ts';
import { bridge, tell } from '../lib/bridge.ts';
import { markAllRead, setArchived, setMuted } from '../lib/conversation-actions.ts';
import {
  focusComposer,
  goBack,
  goForward,
  isListSection,
  leavePage,
  moveFind,
  navigation,
  openAccountMenu,
  openConversation,
  openDialog,
  openFind,
  openSearch,
  showSection,
  showSettings,
  toggleDetails,
  toggleList,
} from '../lib/navigation.ts';

/** Conversations in list order, for next and previous. */
export type OrderedRows = () => readonly ConversationRow[];

/** `mod` = Ctrl, Cmd on macOS; Tab goes with Ctrl everywhere, since the system keeps Cmd+Tab to itself. */
export function shortcutOf(event: KeyboardEvent, isMac: boolean): string {
  const mod = isMac && event.key !== 'Tab' ? event.metaKey : event.ctrlKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return [mod ? 'mod' : '', event.altKey ? 'alt' : '', event.shiftKey ? 'shift' : '', key]
    .filter(Boolean)
    .join('+');
}

/** The conversation before or after the open one. */
export function neighbour(
  rows: readonly ConversationRow[],
  currentId: string | null,
  step: 1 | -1,
  onlyUnread: boolean,
): string | null {
  const at = rows.findIndex((row) => row.id === currentId);
  const start = at < 0 ? (step === 1 ? -1 : rows.length) : at;
  for (let next = start + step; next >= 0 && next < rows.length; next += step) {
    const row = rows[next];
    if (row && (!onlyUnread || row.unread > 0)) return row.id;
  }
  return null;
}

function go(rows: OrderedRows, step: 1 | -1, onlyUnread: boolean): void {
  const { conversationId } = navigation.get();
  const target = neighbour(rows(), conversationId, step, onlyUnread);
  if (target) openConversation(target);
}

function onOpen(act: (row: ConversationRow) => void, rows: OrderedRows): void {
  const row = rows().find((each) => each.id === navigation.get().conversationId);
  if (row) act(row);
}

/** Narrow windows show one pane at a time, with a back arrow instead of a list beside it. */
const isNarrow = (): boolean => window.matchMedia('(max-width: 719px)').matches;

function toggleListPane(): void {
  if (isNarrow() || !isListSection(navigation.get().section)) return;
  // What is put away must not keep the focus.
  if (document.activeElement?.closest('[data-f6="list"]')) focusComposer();
  toggleList();
}

function showSearch(): void {
  if (isNarrow()) openConversation(null);
  openSearch();
}

function showAccountMenu(): void {
  if (isNarrow()) openConversation(null);
  openAccountMenu();
}

/** Every command by its keys. */
export function commands(rows: OrderedRows): Readonly<Record<string, () => void>> {
  return {
    'mod+k': () => openDialog('switcher'),
    'mod+f': openFind,
    F3: () => moveFind(1),
    'shift+F3': () => moveFind(-1),
    // What macOS has for F3.
    'mod+g': () => moveFind(1),
    'mod+shift+g': () => moveFind(-1),
    'mod+shift+f': showSearch,
    'mod+n': () => openDialog('newConversation'),
    'alt+ArrowUp': () => go(rows, -1, false),
    'alt+ArrowDown': () => go(rows, 1, false),
    'mod+shift+Tab': () => go(rows, -1, false),
    'mod+Tab': () => go(rows, 1, false),
    'alt+shift+ArrowUp': () => go(rows, -1, true),
    'alt+shift+ArrowDown': () => go(rows, 1, true),
    'alt+ArrowLeft': goBack,
    'alt+ArrowRight': goForward,
    'mod+[': goBack,
    'mod+]': goForward,
    'mod+1': () => showSection('chats'),
    'mod+2': () => showSection('linked'),
    'mod+3': () => showSection('announcements'),
    'mod+4': () => showSection('people'),
    'mod+5': () => showSection('outbox'),
    'mod+6': () => showSection('saved'),
    'mod+,': () => showSection('settings'),
    'mod+/': () => showSettings('keyboard'),
    // Where the slash needs Shift.
    'mod+shift+/': () => showSettings('keyboard'),
    'mod+shift+o': showAccountMenu,
    'mod+shift+d': () => toggleDetails(),
    'mod+shift+l': toggleListPane,
    'shift+Escape': markAllRead,
    'mod+l': focusComposer,
    'mod+shift+y': () => onOpen((row) => setMuted(row.id, !row.isMuted), rows),
    'mod+shift+a': () => onOpen((row) => setArchived(row.id, !row.isArchived), rows),
    'mod+=': () => tell('window.control', { action: 'zoomIn' }),
    'mod++': () => tell('window.control', { action: 'zoomIn' }),
    'mod+shift++': () => tell('window.control', { action: 'zoomIn' }),
    'mod+-': () => tell('window.control', { action: 'zoomOut' }),
    'mod+0': () => tell('window.control', { action: 'zoomReset' }),
    'mod+w': () => tell('window.control', { action: 'close' }),
    'mod+q': () => tell('window.control', { action: 'quit' }),
  };
}

/** Listens while the workspace is on screen. */
export function useShortcuts(rows: OrderedRows): void {
  const latest = useRef(rows);
  latest.current = rows;
  useEffect(() => {
    const isMac = bridge().boot.platform === 'darwin';
    const table = commands(() => latest.current());
    const lastFocus = new WeakMap<Element, HTMLElement>();
    const onFocus = (event: FocusEvent) => {
      const { target } = event;
      if (!(target instanceof HTMLElement)) return;
      const region = target.closest('[data-f6]');
      if (region) lastFocus.set(region, target);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.key === 'F6') {
        event.preventDefault();
        cycleRegions(event.shiftKey ? -1 : 1, lastFocus);
        return;
      }
      // A menu or dialog owns the keyboard while it is open; only the switcher may follow another.
      const hasOverlay =
        document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
      const shortcut = shortcutOf(event, isMac);
      const command = table[shortcut];
      if (command && (!hasOverlay || shortcut === 'mod+k')) {
        if (isTextMove(shortcut, isMac)) return;
        event.preventDefault();
        command();
        return;
      }
      if (hasOverlay) return;
      if (event.key === 'Escape') onEscape(event);
      else typeIntoComposer(event);
    };
    window.addEventListener('keydown', onKey);
    document.addEventListener('focusin', onFocus);
    return () => {
      window.removeEventListener('keydown', onKey);
      document.removeEventListener('focusin', onFocus);
    };
  }, []);
}

/**
 * On macOS Option+Arrow moves in a text: left and right by words (back and forward have the brackets there), up and
 * down by paragraphs where there are several.
 */
function isTextMove(shortcut: string, isMac: boolean): boolean {
  if (!isMac) return false;
  if (shortcut === 'alt+ArrowLeft' || shortcut === 'alt+ArrowRight') return true;
  const field = document.activeElement;
  return (
    shortcut.startsWith('alt+Arrow') && field instanceof HTMLTextAreaElement && field.value.includes('\n')
  );
}

/** Esc closes one thing: a page, then the overlaid details. */
function onEscape(event: KeyboardEvent): void {
  const { section, isDetailsOpen } = navigation.get();
  if (!isListSection(section)) {
    event.preventDefault();
    leavePage();
  } else if (isDetailsOpen && window.matchMedia('(max-width: 1179px)').matches) {
    event.preventDefault();
    toggleDetails(false);
  }
}

function typeIntoComposer(event: KeyboardEvent): void {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
  const active = document.activeElement;
  const isFree =
    active === null || active === document.body || active.closest('[data-region="timeline"]') === active;
  if (!isFree) return;
  // Focus moves before the browser types, so the key lands in the text.
  document.querySelector<HTMLTextAreaElement>('[data-region="composer"] textarea')?.focus();
}

function cycleRegions(step: 1 | -1, lastFocus: WeakMap<Element, HTMLElement>): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-f6]')].filter(
    (region) => region.offsetParent !== null || region === document.activeElement,
  );
  if (regions.length === 0) return;
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(current + step + regions.length) % regions.length];
  if (!next) return;
  const last = lastFocus.get(next);
  const target =
    last && next.contains(last)
      ? last
      : next.querySelector<HTMLElement>(
          'textarea, [tabindex="0"], [aria-current="page"], button:not([tabindex="-1"]), input',
        );
  (target ?? next).focus();
}
