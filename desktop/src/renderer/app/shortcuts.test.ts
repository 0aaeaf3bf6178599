import { describe, expect, it } from 'vitest';
import { conversation } from '../preview/world.ts';
import { shortcutList } from '../lib/shortcut-list.ts';
import { commands, neighbour, shortcutOf } from './shortcuts.ts';

const key = (part: Partial<KeyboardEvent>) =>
  ({ key: 'k', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...part }) as KeyboardEvent;

describe('shortcutOf', () => {
  it('reads Ctrl, or Cmd on macOS', () => {
    expect(shortcutOf(key({ ctrlKey: true }), false)).toBe('mod+k');
    expect(shortcutOf(key({ metaKey: true }), true)).toBe('mod+k');
    expect(shortcutOf(key({ ctrlKey: true }), true)).toBe('k');
    expect(shortcutOf(key({ altKey: true, shiftKey: true, key: 'ArrowUp' }), false)).toBe(
      'alt+shift+ArrowUp',
    );
    expect(shortcutOf(key({ ctrlKey: true, shiftKey: true, key: 'D' }), false)).toBe('mod+shift+d');
    expect(shortcutOf(key({ ctrlKey: true, key: 'Tab' }), true)).toBe('mod+Tab');
  });
});

describe('shortcutList', () => {
  const names: Readonly<Record<string, string>> = {
    Ctrl: 'mod',
    Alt: 'alt',
    Shift: 'shift',
    '↑': 'ArrowUp',
    '↓': 'ArrowDown',
    '←': 'ArrowLeft',
    '→': 'ArrowRight',
    Plus: '+',
    Minus: '-',
    Esc: 'Escape',
  };
  const shortcut = (keys: string) =>
    keys
      .split('+')
      .map((part) => names[part] ?? (part.length === 1 ? part.toLowerCase() : part))
      .join('+');

  it('tells of nothing that has no command', () => {
    const { moving, conversations, window } = shortcutList;
    const table = commands(() => []);
    // F6 is no command of the table: it needs the key itself to know the direction.
    const told = [...moving, ...conversations, ...window]
      .filter(({ action }) => action !== 'regions')
      .flatMap(({ keys, macKeys }) => [...keys, ...(macKeys ?? []).filter((each) => !each.startsWith('⌃'))]);
    expect(told.length).toBeGreaterThan(15);
    expect(told.map(shortcut).filter((each) => table[each] === undefined)).toEqual([]);
  });
});

describe('neighbour', () => {
  const rows = [conversation(1), conversation(2, { unread: 2 }), conversation(3)];
  const id = (at: number) => rows[at]?.id ?? null;
  it('walks the list and stops at its ends', () => {
    expect(neighbour(rows, id(0), 1, false)).toBe(id(1));
    expect(neighbour(rows, id(0), -1, false)).toBeNull();
    expect(neighbour(rows, null, 1, false)).toBe(id(0));
    expect(neighbour(rows, null, -1, false)).toBe(id(2));
  });
  it('finds the next unread one', () => {
    expect(neighbour(rows, id(0), 1, true)).toBe(id(1));
    expect(neighbour(rows, id(1), 1, true)).toBeNull();
  });
});
