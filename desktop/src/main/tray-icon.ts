/**
 * The tray icon's states, painted over its picture: a dot for unread, a number for what notifies, a bar while not to be
 * disturbed, a line through it while offline. Owns the shapes, which are legible at 16 px; the picture is 32 × 32.
 */

/** What the icon says. */
export type TrayState =
  | { readonly kind: 'idle' | 'unread' | 'dnd' | 'offline' }
  | { readonly kind: 'forYou'; readonly count: number };

/** Pixels as Electron's bitmaps have them: blue, green, red, alpha, with the colours multiplied by alpha. */
export type Bitmap = Uint8Array;

interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

interface Ink extends Colour {
  /** Clears instead of painting. */
  readonly isHole?: boolean;
}

const BLUE: Colour = { red: 44, green: 144, blue: 185 };
const RED: Colour = { red: 196, green: 68, blue: 60 };
const WHITE: Colour = { red: 255, green: 255, blue: 255 };
const BLACK: Colour = { red: 0, green: 0, blue: 0 };
const HOLE: Ink = { ...BLACK, isHole: true };

/** Side of the picture, in pixels; the shapes below are in the same. */
export const ICON_PX = 32;
const DOT = { x: 24.5, y: 7.5, radius: 6 };
const DISC = { x: 23, y: 9, radius: 9 };
const GAP_PX = 2;
const LINE = { from: { x: 4, y: 4 }, to: { x: 28, y: 28 }, halfWidth: 1.6 };

/** Digits of 3 × 5, each row three bits; the last stands for "more than nine". */
const DIGITS = [
  [7, 5, 5, 5, 7],
  [2, 6, 2, 2, 7],
  [7, 1, 7, 4, 7],
  [7, 1, 3, 1, 7],
  [5, 5, 7, 1, 1],
  [7, 4, 7, 1, 7],
  [7, 4, 7, 5, 7],
  [7, 1, 1, 2, 2],
  [7, 5, 7, 5, 7],
  [7, 5, 7, 1, 7],
  [0, 2, 7, 2, 0],
] as const;
const DIGIT_SCALE = 2;

/**
 * Paints a state over the picture.
 * @param isTemplate for macOS, which takes the shape alone and colours it itself: signs are cut out, not coloured
 */
export function paintTrayIcon(picture: Bitmap, state: TrayState, isTemplate = false): Bitmap {
  const pixels = Uint8Array.from(picture);
  const ink = (colour: Colour): Ink => (isTemplate ? BLACK : colour);
  const sign: Ink = isTemplate ? HOLE : WHITE;
  switch (state.kind) {
    case 'idle':
      break;
    case 'unread':
      disc(pixels, DOT, ink(BLUE));
      break;
    case 'forYou':
      disc(pixels, DISC, ink(BLUE));
      digit(pixels, state.count, sign);
      break;
    case 'dnd':
      disc(pixels, DISC, ink(RED));
      paint(pixels, (x, y) => boxCoverage(x - DISC.x, y - DISC.y, 5, 1.6), sign);
      break;
    case 'offline':
      paint(pixels, (x, y) => lineCoverage(x, y, LINE.halfWidth + GAP_PX), HOLE);
      paint(pixels, (x, y) => lineCoverage(x, y, LINE.halfWidth), lineColour(picture, isTemplate));
      break;
  }
  return pixels;
}

function disc(pixels: Bitmap, { x, y, radius }: typeof DISC, ink: Ink): void {
  const coverage = (r: number) => (px: number, py: number) => clamp(r + 0.5 - Math.hypot(px - x, py - y));
  // A gap around it keeps it apart from the picture on any panel.
  paint(pixels, coverage(radius + GAP_PX), HOLE);
  paint(pixels, coverage(radius), ink);
}

function digit(pixels: Bitmap, count: number, ink: Ink): void {
  const rows = DIGITS[Math.min(count, DIGITS.length - 1)] ?? DIGITS[0];
  const left = DISC.x - 1.5 * DIGIT_SCALE;
  const top = DISC.y - 2.5 * DIGIT_SCALE;
  paint(
    pixels,
    (x, y) => {
      const column = Math.floor((x - left) / DIGIT_SCALE);
      const row = rows[Math.floor((y - top) / DIGIT_SCALE)] ?? 0;
      return column >= 0 && column < 3 && (row & (4 >> column)) !== 0 ? 1 : 0;
    },
    ink,
  );
}

function boxCoverage(dx: number, dy: number, halfWidth: number, halfHeight: number): number {
  return clamp(halfWidth + 0.5 - Math.abs(dx)) * clamp(halfHeight + 0.5 - Math.abs(dy));
}

function lineCoverage(x: number, y: number, halfWidth: number): number {
  const { from, to } = LINE;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = clamp(((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy));
  return clamp(halfWidth + 0.5 - Math.hypot(x - from.x - along * dx, y - from.y - along * dy));
}

/** As the picture is: the line belongs to it. */
function lineColour(picture: Bitmap, isTemplate: boolean): Colour {
  if (isTemplate) return BLACK;
  for (let at = 0; at < picture.length; at += 4) {
    if (picture[at + 3] === 255) {
      return { blue: picture[at] ?? 0, green: picture[at + 1] ?? 0, red: picture[at + 2] ?? 0 };
    }
  }
  return BLACK;
}

/** Lays ink over the pixels, as much of it as `coverage` (0 to 1) says at the middle of each. */
function paint(pixels: Bitmap, coverage: (x: number, y: number) => number, ink: Ink): void {
  for (let y = 0; y < ICON_PX; y += 1) {
    for (let x = 0; x < ICON_PX; x += 1) {
      const part = coverage(x + 0.5, y + 0.5);
      if (part <= 0) continue;
      const at = (y * ICON_PX + x) * 4;
      const over = ink.isHole === true ? [0, 0, 0, 0] : [ink.blue, ink.green, ink.red, 255];
      for (const [channel, value] of over.entries()) {
        pixels[at + channel] = Math.round((pixels[at + channel] ?? 0) * (1 - part) + value * part);
      }
    }
  }
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
