/**
 * What people look at: which window is focused, what it shows, whether the screen is locked. Owns the rule for "read":
 * a message counts once it was on screen for half a second in a focused window of an unlocked computer.
 */
import type { EnvironmentEvent } from '../ipc/core-port.ts';
import type { Timers } from './ports.ts';

/** A message that was on screen; `rootId`: in the thread of that message, null: in the conversation. */
export interface Seen {
  readonly conversationId: string;
  readonly rootId: string | null;
  readonly seq: number;
}

/** How long a window that comes to the front must stay there before what it shows counts as read. */
export const READ_AFTER_MS = 500;

interface WindowFacts {
  isFocused: boolean;
  conversationId: string | null;
  /** What the window reported while it could not count, by thread. */
  readonly seen: Map<string | null, Seen>;
  cancel: (() => void) | undefined;
}

/** See the file comment. */
export class Attention {
  readonly #timers: Timers;
  readonly #read: (seen: Seen) => void;
  readonly #windows = new Map<number, WindowFacts>();
  #isLocked = false;

  constructor(timers: Timers, read: (seen: Seen) => void) {
    this.#timers = timers;
    this.#read = read;
  }

  /** Whether somebody looks at this conversation now. */
  isWatched(conversationId: string): boolean {
    return [...this.#windows.values()].some((it) => this.#counts(it) && it.conversationId === conversationId);
  }

  /** Conversations on screen, focused windows first. */
  visible(): readonly string[] {
    const windows = [...this.#windows.values()].sort((a, b) => Number(b.isFocused) - Number(a.isFocused));
    return [...new Set(windows.flatMap((it) => it.conversationId ?? []))];
  }

  /** A window shows another conversation, or none. Returns the one it showed before. */
  show(windowId: number, conversationId: string | null): string | null {
    const window = this.#window(windowId);
    const before = window.conversationId;
    window.conversationId = conversationId;
    if (before !== conversationId) window.seen.clear();
    return before;
  }

  /** A message was on screen for half a second in this window. */
  seen(windowId: number, seen: Seen): void {
    const window = this.#window(windowId);
    if (this.#counts(window)) return this.#read(seen);
    const earlier = window.seen.get(seen.rootId);
    const isFurther = earlier?.conversationId !== seen.conversationId || seen.seq > earlier.seq;
    if (isFurther) window.seen.set(seen.rootId, seen);
  }

  /** The machine or a window changed. */
  environment(event: EnvironmentEvent): void {
    if (event.kind === 'lockChanged') this.#isLocked = event.isLocked;
    else if (event.kind === 'windowFocusChanged') this.#window(event.windowId).isFocused = event.isFocused;
    else if (event.kind === 'windowClosed') {
      this.#windows.get(event.windowId)?.cancel?.();
      this.#windows.delete(event.windowId);
    }
    for (const window of this.#windows.values()) this.#arm(window);
  }

  #arm(window: WindowFacts): void {
    if (!this.#counts(window)) {
      window.cancel?.();
      window.cancel = undefined;
    } else if (window.seen.size > 0) {
      window.cancel ??= this.#timers.after(READ_AFTER_MS, () => {
        window.cancel = undefined;
        const all = [...window.seen.values()];
        window.seen.clear();
        for (const seen of all) if (seen.conversationId === window.conversationId) this.#read(seen);
      });
    }
  }

  #counts(window: WindowFacts): boolean {
    return window.isFocused && !this.#isLocked;
  }

  #window(windowId: number): WindowFacts {
    const known = this.#windows.get(windowId);
    if (known) return known;
    const window: WindowFacts = {
      isFocused: false,
      conversationId: null,
      seen: new Map(),
      cancel: undefined,
    };
    this.#windows.set(windowId, window);
    return window;
  }
}
