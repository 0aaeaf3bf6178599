import { describe, expect, it } from 'vitest';
import { latestWindow, newerWindow, olderWindow, openingWindow, type WindowEdges } from './window.ts';

const edges = (part: Partial<WindowEdges> = {}): WindowEdges => ({
  hasOlder: true,
  hasNewer: true,
  tailSeq: 10_000,
  firstVisibleSeq: 500,
  lastVisibleSeq: 520,
  ...part,
});

describe('the window over a conversation', () => {
  it('opens at the end, at what is unread, or where it was left', () => {
    expect(openingWindow(null, 0, null)).toEqual(latestWindow);
    expect(openingWindow(9_998, 3, null)).toEqual(latestWindow);
    expect(openingWindow(4_000, 800, null).at).toEqual({ kind: 'seq', seq: 4_000 });
    const saved = { key: 'k', seq: 77, offsetPx: 4 };
    expect(openingWindow(null, 0, saved).at).toEqual({ kind: 'seq', seq: 77 });
    expect(openingWindow(9_998, 3, saved)).toEqual(latestWindow);
  });

  it('grows upwards, then moves, so that the rows held stay few', () => {
    let current = latestWindow;
    for (let step = 0; step < 20; step += 1) current = olderWindow(current, edges());
    expect(current.limit).toBeLessThanOrEqual(300);
    expect(current.at).toEqual({ kind: 'seq', seq: 500 });
    expect(olderWindow(current, edges())).toBe(current);
    expect(olderWindow(latestWindow, edges({ hasOlder: false }))).toBe(latestWindow);
  });

  it('comes back to the end as soon as it is near', () => {
    const away = { at: { kind: 'seq' as const, seq: 100 }, limit: 200 };
    expect(newerWindow(away, edges()).at).toEqual({ kind: 'seq', seq: 520 });
    expect(newerWindow(away, edges({ tailSeq: 600 })).at).toEqual({ kind: 'end' });
    expect(newerWindow(away, edges({ hasNewer: false })).at).toEqual({ kind: 'end' });
    expect(newerWindow(latestWindow, edges())).toBe(latestWindow);
  });
});
