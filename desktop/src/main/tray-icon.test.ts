/** What each state looks like, at the size it is painted and at the 16 px most panels show. */
import { describe, expect, it } from 'vitest';
import { ICON_PX, paintTrayIcon, type TrayState } from './tray-icon.ts';

/** A grey square that leaves the border free. */
const picture = Uint8Array.from({ length: ICON_PX * ICON_PX * 4 }, (_, at) => {
  const [x, y] = [Math.floor(at / 4) % ICON_PX, Math.floor(at / 4 / ICON_PX)];
  const isInside = x >= 3 && x < 29 && y >= 3 && y < 29;
  return isInside ? (at % 4 === 3 ? 255 : 128) : 0;
});

const states: readonly TrayState[] = [
  { kind: 'idle' },
  { kind: 'unread' },
  { kind: 'dnd' },
  { kind: 'offline' },
  ...Array.from({ length: 10 }, (_, n) => ({ kind: 'forYou' as const, count: n + 1 })),
];

/** Mean of each 2 × 2 block, as a panel of half the size shows it. */
function halved(pixels: Uint8Array): Uint8Array {
  const side = ICON_PX / 2;
  return Uint8Array.from({ length: side * side * 4 }, (_, at) => {
    const [channel, x, y] = [at % 4, Math.floor(at / 4) % side, Math.floor(at / 4 / side)];
    const corner = (2 * y * ICON_PX + 2 * x) * 4 + channel;
    const part = (offset: number) => pixels[corner + offset] ?? 0;
    return (part(0) + part(4) + part(ICON_PX * 4) + part(ICON_PX * 4 + 4)) / 4;
  });
}

function differing(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < a.length; at += 4) {
    if ([0, 1, 2, 3].some((channel) => Math.abs((a[at + channel] ?? 0) - (b[at + channel] ?? 0)) > 64)) {
      count += 1;
    }
  }
  return count;
}

describe('the tray icon', () => {
  it('is the picture itself while nothing is to be said', () => {
    expect(paintTrayIcon(picture, { kind: 'idle' })).toEqual(picture);
  });

  it('tells its states and numbers apart at 16 px, also as a shape alone', () => {
    for (const isTemplate of [false, true]) {
      const small = states.map((state) => halved(paintTrayIcon(picture, state, isTemplate)));
      for (const [at, one] of small.entries()) {
        for (const other of small.slice(at + 1)) expect(differing(one, other)).toBeGreaterThanOrEqual(1);
      }
    }
  });

  it('shows every number above nine as the same sign', () => {
    expect(paintTrayIcon(picture, { kind: 'forYou', count: 10 })).toEqual(
      paintTrayIcon(picture, { kind: 'forYou', count: 250 }),
    );
  });

  it('leaves a gap between picture and sign', () => {
    const painted = paintTrayIcon(picture, { kind: 'unread' });
    const alphaAt = (x: number, y: number) => painted[(y * ICON_PX + x) * 4 + 3];
    expect(alphaAt(17, 7)).toBe(0);
    expect(alphaAt(24, 7)).toBe(255);
  });
});
