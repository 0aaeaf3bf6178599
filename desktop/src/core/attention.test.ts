/** What counts as read: half a second, in front, unlocked. */
import { describe, expect, it } from 'vitest';
import { Attention, READ_AFTER_MS } from './attention.ts';
import { ManualTimers } from './sync/testing/sync-context.ts';

function attention() {
  const timers = new ManualTimers();
  const read: [string, number][] = [];
  const watched = new Attention(timers, ({ conversationId, seq }) => read.push([conversationId, seq]));
  const focus = (windowId: number, isFocused: boolean): void =>
    watched.environment({ kind: 'windowFocusChanged', windowId, isFocused });
  const lock = (isLocked: boolean): void => watched.environment({ kind: 'lockChanged', isLocked });
  return { timers, read, watched, focus, lock };
}

describe('reading', () => {
  it('counts at once in a focused window of an unlocked computer', () => {
    const { watched, focus, read } = attention();
    focus(1, true);
    watched.show(1, 'a');
    watched.seen(1, { conversationId: 'a', rootId: null, seq: 7 });
    expect(read).toEqual([['a', 7]]);
    expect(watched.isWatched('a')).toBe(true);
  });

  it('waits until the window comes to the front and stays there', () => {
    const { watched, focus, read, timers } = attention();
    watched.show(1, 'a');
    watched.seen(1, { conversationId: 'a', rootId: null, seq: 7 });
    expect(read).toEqual([]);
    focus(1, true);
    expect(timers.delays()).toEqual([READ_AFTER_MS]);
    focus(1, false);
    timers.runAll();
    expect(read).toEqual([]);
    focus(1, true);
    timers.runAll();
    expect(read).toEqual([['a', 7]]);
  });

  it('never counts while the screen is locked', () => {
    const { watched, focus, lock, read, timers } = attention();
    focus(1, true);
    lock(true);
    watched.show(1, 'a');
    watched.seen(1, { conversationId: 'a', rootId: null, seq: 7 });
    expect(watched.isWatched('a')).toBe(false);
    expect(read).toEqual([]);
    lock(false);
    timers.runAll();
    expect(read).toEqual([['a', 7]]);
  });

  it('does not count what the window no longer shows', () => {
    const { watched, focus, read, timers } = attention();
    watched.show(1, 'a');
    watched.seen(1, { conversationId: 'a', rootId: null, seq: 7 });
    watched.show(1, 'b');
    focus(1, true);
    timers.runAll();
    expect(read).toEqual([]);
  });

  it('lists what is on screen, focused windows first, and forgets closed ones', () => {
    const { watched, focus } = attention();
    watched.show(1, 'a');
    watched.show(2, 'b');
    focus(2, true);
    expect(watched.visible()).toEqual(['b', 'a']);
    watched.environment({ kind: 'windowClosed', windowId: 2 });
    expect(watched.visible()).toEqual(['a']);
  });
});
