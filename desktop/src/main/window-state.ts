/**
 * Where the window was. Owns the rule that a restored window is reachable: on a screen that still exists, and no
 * smaller than the layout allows.
 */
import { z } from 'zod';

/** Smallest window the layout is made for, in device-independent pixels. */
export const MIN_WINDOW = { width: 380, height: 480 } as const;

const DEFAULT_WINDOW = { width: 1280, height: 800 } as const;
/** So much of the title bar must lie on a screen that it can be grabbed. */
const GRAB_PX = 80;

/** What is kept of a window between two runs. */
export const windowStateSchema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() }).nullable(),
  isMaximized: z.boolean(),
});
/** See {@link windowStateSchema}. */
export type WindowState = z.infer<typeof windowStateSchema>;

/** State of a window that was never opened. */
export const noWindowState: WindowState = { bounds: null, isMaximized: false };

/** A rectangle in device-independent pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Size, and position where it is known to be reachable. */
export interface WindowPlace {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
}

/** Where to open the window, given the work areas of the screens there are now. */
export function restoredPlace(state: WindowState, screens: readonly Rectangle[]): WindowPlace {
  const { bounds } = state;
  if (bounds === null) return DEFAULT_WINDOW;
  const width = Math.max(bounds.width, MIN_WINDOW.width);
  const height = Math.max(bounds.height, MIN_WINDOW.height);
  const isReachable = screens.some(
    (screen) =>
      bounds.x + width - GRAB_PX >= screen.x &&
      bounds.x + GRAB_PX <= screen.x + screen.width &&
      bounds.y >= screen.y &&
      bounds.y + GRAB_PX <= screen.y + screen.height,
  );
  return isReachable ? { x: bounds.x, y: bounds.y, width, height } : { width, height };
}
