import { describe, expect, it } from 'vitest';
import { halfVisible, SeenTracker } from './visibility.ts';

describe('halfVisible', () => {
  const at = (seq: number | null, top: number, bottom: number) => ({ seq, top, bottom });

  it('counts a message from half of it on', () => {
    const rows = [at(1, -60, 40), at(2, -50, 50), at(3, 100, 200), at(4, 340, 460), at(5, 360, 460)];
    expect(halfVisible(rows, 0, 400)).toEqual([2, 3, 4]);
  });

  it('counts one taller than the view when it fills half of it, and never one that waits', () => {
    expect(halfVisible([at(1, -2000, 210), at(null, 210, 300)], 0, 400)).toEqual([1]);
  });
});

describe('SeenTracker', () => {
  it('reports after 500 ms, the newest once', () => {
    const tracker = new SeenTracker();
    tracker.update([1, 2], 0);
    expect(tracker.take(499)).toBeNull();
    expect(tracker.nextInMs(499)).toBe(1);
    expect(tracker.take(500)).toBe(2);
    expect(tracker.take(600)).toBeNull();
    tracker.update([1, 2], 700);
    expect(tracker.nextInMs(700)).toBeNull();
  });

  it('starts over for what left the view or lost the focus', () => {
    const tracker = new SeenTracker();
    tracker.update([3], 0);
    tracker.update([], 300);
    tracker.update([3], 400);
    expect(tracker.take(600)).toBeNull();
    tracker.pause();
    tracker.update([3], 900);
    expect(tracker.take(1000)).toBeNull();
    expect(tracker.take(1400)).toBe(3);
  });
});
