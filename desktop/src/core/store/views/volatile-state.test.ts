import { describe, expect, it } from 'vitest';
import { createVolatileState, TYPING_SHOWN_MS } from './volatile-state.ts';

function start() {
  const timers: { readonly delayMs: number; readonly run: () => void }[] = [];
  const volatile = createVolatileState({
    after(delayMs, run) {
      const timer = { delayMs, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  });
  const told: string[] = [];
  volatile.onChange((key) => told.push(key));
  return { volatile, timers, told };
}

describe('volatile state', () => {
  it('tells a change once, and not what stayed the same', () => {
    const { volatile, told } = start();
    const offline = { state: 'offline' as const, lastContactMs: 1, progress: null, error: null };
    volatile.setConnection(offline);
    volatile.setConnection({ ...offline });
    volatile.setPresence([{ userId: 'a', state: 'online' }]);
    volatile.setPresence([{ userId: 'a', state: 'online' }]);
    volatile.setHistory('c', 'loading');
    volatile.setHistory('c', 'failed');
    expect(told).toEqual(['connection', 'presence:a', 'history:c']);
  });

  it('typing ends after its time unless repeated, and with a stop', () => {
    const { volatile, timers, told } = start();
    volatile.setTyping('c', 'a', true);
    volatile.setTyping('c', 'a', true);
    volatile.setTyping('c', 'b', true);
    expect(volatile.typing('c')).toEqual(['a', 'b']);
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([TYPING_SHOWN_MS, TYPING_SHOWN_MS]);
    timers[0]?.run();
    expect(volatile.typing('c')).toEqual(['b']);
    volatile.setTyping('c', 'b', false);
    volatile.setTyping('c', 'b', false);
    expect(volatile.typing('c')).toEqual([]);
    expect(timers).toEqual([]);
    expect(told).toEqual(Array.from({ length: 4 }, () => 'typing:c'));
  });

  it('nobody’s presence is known without a connection', () => {
    const { volatile, told } = start();
    volatile.setPresence([
      { userId: 'a', state: 'online' },
      { userId: 'b', state: 'dnd' },
    ]);
    volatile.clearPresence();
    expect(volatile.presence('a')).toBeNull();
    expect(told).toEqual(['presence:a', 'presence:b', 'presence:a', 'presence:b']);
  });

  it('another account starts with nothing', () => {
    const { volatile } = start();
    volatile.setDevices([
      { id: 'd', name: 'Desk', createdAtMs: 1, lastSeenMs: null, isCurrent: true, address: null },
    ]);
    volatile.setTyping('c', 'a', true);
    volatile.setHistory('c', 'failed');
    volatile.clear();
    expect(volatile.devices()).toEqual({ devices: [], meta: { state: 'loading', error: null } });
    expect(volatile.typing('c')).toEqual([]);
    expect(volatile.history('c')).toBe('loading');
  });
});
