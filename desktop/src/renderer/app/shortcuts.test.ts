import { describe, expect, it } from 'vitest';
import { conversation } from '../preview/world.ts';
import { neighbour, shortcutOf } from './shortcuts.ts';

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
