/**
 * Where the person is. Owns section, open conversation, details pane and the one open dialog of this window, with
 * back and forward. View state only: nothing here reaches the core; `remembered.ts` keeps section and conversation over a
 * restart.
 */
import { createStore, type Store } from './store.ts';

/** Parts of the window reachable from the rail. */
export type Section = ListSection | 'people' | 'outbox' | 'saved' | 'settings';
/** Those of them that show conversations: all, or only one kind. */
export type ListSection = 'chats' | 'linked' | 'announcements';
/** Pages of Settings, in their order. */
export const settingsPages = [
  'account',
  'organization',
  'devices',
  'privacy',
  'notifications',
  'appearance',
  'keyboard',
  'storage',
  'network',
  'advanced',
  'about',
] as const;
/** One of {@link settingsPages}. */
export type SettingsPage = (typeof settingsPages)[number];
/** What opens from anywhere; `account` is the menu of organization and account over the list, `signOut` the question on the page of the account. */
export type DialogName = 'switcher' | 'newConversation' | 'signIn' | 'account' | 'signOut';

/** What a new conversation begins with, when it is asked for from a place that knows. */
export interface NewConversationSeed {
  readonly kind: 'direct' | 'group' | 'linked';
  /** the item to link to */
  readonly item?: {
    readonly type: string;
    readonly id: string;
    readonly title: string;
    readonly url: string;
  };
}

/** A message to bring into view. `token` makes the same target count anew. */
export interface JumpTarget {
  readonly conversationId: string;
  readonly messageId: string;
  readonly token: number;
}

/** The find bar: `focus` is bumped when its field should take focus, `move` when the next match is asked for. */
export interface FindState {
  readonly focus: number;
  readonly move: { readonly by: 1 | -1; readonly count: number };
}

/** What the window shows. */
export interface Navigation {
  readonly section: Section;
  readonly conversationId: string | null;
  readonly jump: JumpTarget | null;
  readonly isDetailsOpen: boolean;
  /** Put away to give the conversation its width; the narrow layout shows one pane anyway. */
  readonly isListHidden: boolean;
  /** Message whose info the details pane shows instead of the conversation's. */
  readonly infoMessageId: string | null;
  /** Message whose thread stands in the place of the details. */
  readonly threadRootId: string | null;
  /** A reply of that thread to bring into view; `token` makes the same one count anew. */
  readonly threadJump: { readonly messageId: string; readonly token: number } | null;
  readonly settingsPage: SettingsPage;
  /** Below 720 px Settings shows its menu first. */
  readonly isSettingsMenu: boolean;
  readonly dialog: DialogName | null;
  /** What the dialog of a new conversation starts with; null: nothing. */
  readonly newConversation: NewConversationSeed | null;
  /** The search stands in place of the list. */
  readonly isSearching: boolean;
  /** Bumped when its field should take focus. */
  readonly searchToken: number;
  /** Find in the open conversation; null while its bar is closed. */
  readonly find: FindState | null;
  /** Bumped when the composer should take focus. */
  readonly focusComposer: number;
}

/** The window's navigation. */
export const navigation: Store<Navigation> = createStore<Navigation>({
  section: 'chats',
  conversationId: null,
  jump: null,
  isDetailsOpen: false,
  isListHidden: false,
  infoMessageId: null,
  threadRootId: null,
  threadJump: null,
  settingsPage: 'account',
  isSettingsMenu: true,
  dialog: null,
  newConversation: null,
  isSearching: false,
  searchToken: 0,
  find: null,
  focusComposer: 0,
});

const first = navigation.get();
let past: string[] = [];
let future: string[] = [];
let token = 0;

/** Whether a section shows conversations beside their list. */
export function isListSection(section: Section): section is ListSection {
  return section === 'chats' || section === 'linked' || section === 'announcements';
}

/** Shows a section; the open conversation stays behind it. Asking for the list that shows brings it back when it is put away. */
export function showSection(section: Section): void {
  navigation.set((now) => ({
    ...now,
    section,
    isListHidden: now.isListHidden && !(isListSection(section) && now.section === section),
    isSearching: now.isSearching && section === now.section,
    isSettingsMenu: true,
    dialog: null,
  }));
}

/** Leaves a page for the conversation behind it, with focus where writing goes on. */
export function leavePage(): void {
  showSection('chats');
  if (navigation.get().conversationId !== null) focusComposer();
}

/** Opens a conversation, optionally at a message. */
export function openConversation(
  conversationId: string | null,
  options: { readonly messageId?: string | undefined; readonly focusComposer?: boolean } = {},
): void {
  const before = navigation.get();
  if (before.conversationId && before.conversationId !== conversationId) {
    past = [...past.slice(-49), before.conversationId];
    future = [];
  }
  show(conversationId, options);
}

function show(
  conversationId: string | null,
  options: { readonly messageId?: string | undefined; readonly focusComposer?: boolean } = {},
): void {
  navigation.set((now) => ({
    ...now,
    section: isListSection(now.section) ? now.section : 'chats',
    conversationId,
    dialog: null,
    infoMessageId: now.conversationId === conversationId ? now.infoMessageId : null,
    threadRootId: now.conversationId === conversationId ? now.threadRootId : null,
    find: now.conversationId === conversationId ? now.find : null,
    jump:
      conversationId && options.messageId
        ? { conversationId, messageId: options.messageId, token: ++token }
        : null,
    focusComposer: now.focusComposer + (options.focusComposer ? 1 : 0),
  }));
}

/** Opens the search in place of the list, or goes to its field. */
export function openSearch(): void {
  navigation.set((now) => ({
    ...now,
    section: isListSection(now.section) ? now.section : 'chats',
    isListHidden: false,
    isSearching: true,
    searchToken: now.searchToken + 1,
    dialog: null,
  }));
}

/** Brings the list back. */
export function closeSearch(): void {
  navigation.set((now) => ({ ...now, isSearching: false }));
}

/** Opens the find bar of the open conversation, or goes to its field. */
export function openFind(): void {
  navigation.set((now) =>
    now.conversationId === null || !isListSection(now.section)
      ? now
      : { ...now, find: { focus: (now.find?.focus ?? 0) + 1, move: now.find?.move ?? { by: 1, count: 0 } } },
  );
}

/** The next older (1) or newer (-1) match; opens the bar when it is closed. */
export function moveFind(by: 1 | -1): void {
  if (navigation.get().find === null) return openFind();
  navigation.set((now) => ({
    ...now,
    find: now.find && { ...now.find, move: { by, count: now.find.move.count + 1 } },
  }));
}

/** Closes the find bar. */
export function closeFind(): void {
  navigation.set((now) => ({ ...now, find: null }));
}

/** The conversation moved to another id: same place, no step in the history. */
export function replaceConversation(from: string, to: string): void {
  navigation.set((now) => (now.conversationId === from ? { ...now, conversationId: to } : now));
}

/** Brings a message of the open conversation into view. */
export function jumpTo(conversationId: string, messageId: string): void {
  navigation.set((now) => ({ ...now, jump: { conversationId, messageId, token: ++token } }));
}

/** Goes to the conversation open before this one. */
export function goBack(): void {
  const target = past.at(-1);
  const { conversationId } = navigation.get();
  if (!target) return;
  past = past.slice(0, -1);
  if (conversationId) future = [...future, conversationId];
  show(target);
}

/** Undoes {@link goBack}. */
export function goForward(): void {
  const target = future.at(-1);
  const { conversationId } = navigation.get();
  if (!target) return;
  future = future.slice(0, -1);
  if (conversationId) past = [...past, conversationId];
  show(target);
}

/** Opens or closes the details pane. */
export function toggleDetails(open = !navigation.get().isDetailsOpen): void {
  navigation.set((now) => ({ ...now, isDetailsOpen: open, infoMessageId: null, threadRootId: null }));
}

/** Puts the list away or brings it back. */
export function toggleList(): void {
  navigation.set((now) => ({ ...now, isListHidden: !now.isListHidden }));
}

/** Opens the menu of organization and account, with the list it hangs on. */
export function openAccountMenu(): void {
  navigation.set((now) => ({ ...now, section: 'chats', isListHidden: false, dialog: 'account' }));
}

/** Shows who has seen a message. */
export function showMessageInfo(messageId: string): void {
  navigation.set((now) => ({ ...now, isDetailsOpen: true, infoMessageId: messageId, threadRootId: null }));
}

/** Shows the thread of a message, at its end or at one of its replies. */
export function showThread(rootId: string, messageId?: string): void {
  navigation.set((now) => ({
    ...now,
    isDetailsOpen: true,
    infoMessageId: null,
    threadRootId: rootId,
    threadJump: messageId === undefined ? null : { messageId, token: ++token },
  }));
}

/** Opens a dialog, or closes the open one with null. */
export function openDialog(dialog: DialogName | null): void {
  navigation.set((now) => ({ ...now, dialog, newConversation: null }));
}

/** Opens the dialog of a new conversation with what is known of it. */
export function startConversation(newConversation: NewConversationSeed): void {
  navigation.set((now) => ({ ...now, dialog: 'newConversation', newConversation }));
}

/** Opens a page of Settings. */
export function showSettings(settingsPage: SettingsPage): void {
  navigation.set((now) => ({
    ...now,
    section: 'settings',
    settingsPage,
    isSettingsMenu: false,
    dialog: null,
  }));
}

/** Asks whether to sign out, on the page where it stands. */
export function askSignOut(): void {
  showSettings('account');
  navigation.set((now) => ({ ...now, dialog: 'signOut' }));
}

/** Puts focus into the composer. */
export function focusComposer(): void {
  navigation.set((now) => ({ ...now, focusComposer: now.focusComposer + 1 }));
}

/** Back to the first state; after signing out, and between tests. */
export function resetNavigation(): void {
  past = [];
  future = [];
  navigation.set(first);
}
