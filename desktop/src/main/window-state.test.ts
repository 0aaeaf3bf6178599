import { describe, expect, it } from 'vitest';
import { restoredPlace } from './window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const at = (x: number, y: number, width = 900, height = 700) => ({
  bounds: { x, y, width, height },
  isMaximized: false,
});

describe('restoredPlace', () => {
  it('opens where the window was', () => {
    expect(restoredPlace(at(100, 50), [screen])).toEqual({ x: 100, y: 50, width: 900, height: 700 });
  });

  it('opens in the default size the first time', () => {
    expect(restoredPlace({ bounds: null, isMaximized: false }, [screen])).toEqual({
      width: 1280,
      height: 800,
    });
  });

  it.each([
    ['a screen that is gone', at(2500, 50)],
    ['above the screen, where the title bar cannot be grabbed', at(100, -300)],
    ['below the screen', at(100, 1060)],
    ['left of the screen', at(-880, 50)],
  ])('lets the system place a window that was on %s', (_where, state) => {
    expect(restoredPlace(state, [screen])).toEqual({ width: 900, height: 700 });
  });

  it('accepts any of several screens', () => {
    const left = { x: -1920, y: 0, width: 1920, height: 1080 };
    expect(restoredPlace(at(-1800, 50), [screen, left])).toMatchObject({ x: -1800 });
  });

  it('never restores a window smaller than the layout', () => {
    expect(restoredPlace(at(10, 10, 100, 100), [screen])).toMatchObject({ width: 380, height: 480 });
  });
});
