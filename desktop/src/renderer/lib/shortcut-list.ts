/**
 * The shortcuts as people read them. Owns their groups, their order and their keys in words; what the keys do is wired
 * where they work (`app/shortcuts.ts`, composer, timeline).
 */

/** One action and its keys, in the names `Kbd` takes; several ways stand side by side. */
export interface ShortcutEntry {
  /** Name of the text under `shortcuts` in the catalogue. */
  readonly action: (typeof entries)[keyof typeof entries][number]['action'];
  readonly keys: readonly string[];
  /** Where macOS differs in more than the names of the keys. */
  readonly macKeys?: readonly string[];
}

const entries = {
  writing: [
    { action: 'editLast', keys: ['↑'] },
    { action: 'emoji', keys: ['Ctrl+E'] },
    { action: 'bold', keys: ['Ctrl+B'] },
    { action: 'italic', keys: ['Ctrl+I'] },
    { action: 'code', keys: ['Ctrl+Shift+C'] },
    { action: 'pastePlain', keys: ['Ctrl+Shift+V'] },
    { action: 'focusComposer', keys: ['Ctrl+L'] },
    { action: 'latest', keys: ['Esc'] },
  ],
  moving: [
    { action: 'switcher', keys: ['Ctrl+K'] },
    { action: 'search', keys: ['Ctrl+Shift+F'] },
    { action: 'find', keys: ['Ctrl+F'] },
    { action: 'findNext', keys: ['F3', 'Shift+F3'], macKeys: ['Ctrl+G', 'Ctrl+Shift+G'] },
    { action: 'newConversation', keys: ['Ctrl+N'] },
    { action: 'neighbour', keys: ['Alt+↑', 'Alt+↓'] },
    { action: 'neighbourTab', keys: ['Ctrl+Shift+Tab', 'Ctrl+Tab'], macKeys: ['⌃+Shift+Tab', '⌃+Tab'] },
    { action: 'neighbourUnread', keys: ['Alt+Shift+↑', 'Alt+Shift+↓'] },
    { action: 'history', keys: ['Alt+←', 'Alt+→'], macKeys: ['Ctrl+[', 'Ctrl+]'] },
    { action: 'sections', keys: ['Ctrl+1', 'Ctrl+2', 'Ctrl+3', 'Ctrl+4', 'Ctrl+5', 'Ctrl+6'] },
    { action: 'regions', keys: ['F6', 'Shift+F6'] },
  ],
  messages: [
    { action: 'messageMove', keys: ['↑', '↓', 'PageUp', 'PageDown', 'Home', 'End'] },
    { action: 'messageMenu', keys: ['Enter', 'Shift+F10'] },
    { action: 'reply', keys: ['R'] },
    { action: 'thread', keys: ['T'] },
    { action: 'acknowledge', keys: ['A'] },
    { action: 'edit', keys: ['E'] },
    { action: 'react', keys: ['+'] },
    { action: 'forward', keys: ['F'] },
    { action: 'save', keys: ['S'] },
    { action: 'pin', keys: ['P'] },
    { action: 'info', keys: ['I'] },
    { action: 'markUnread', keys: ['U'] },
    { action: 'copy', keys: ['Ctrl+C'] },
    { action: 'delete', keys: ['Delete'] },
  ],
  conversations: [
    { action: 'mute', keys: ['Ctrl+Shift+Y'] },
    { action: 'archive', keys: ['Ctrl+Shift+A'] },
    { action: 'markAllRead', keys: ['Shift+Esc'] },
  ],
  window: [
    { action: 'details', keys: ['Ctrl+Shift+D'] },
    { action: 'list', keys: ['Ctrl+Shift+L'] },
    { action: 'accountMenu', keys: ['Ctrl+Shift+O'] },
    { action: 'settings', keys: ['Ctrl+,'] },
    { action: 'shortcuts', keys: ['Ctrl+/'] },
    { action: 'zoom', keys: ['Ctrl+Plus', 'Ctrl+Minus', 'Ctrl+0'] },
    { action: 'close', keys: ['Ctrl+W'] },
    { action: 'quit', keys: ['Ctrl+Q'] },
  ],
} as const;

/** Groups in the order shown; names of the texts under `shortcuts.group`. */
export type ShortcutGroup = keyof typeof entries;

/** Every shortcut this version has. */
export const shortcutList: Readonly<Record<ShortcutGroup, readonly ShortcutEntry[]>> = entries;
