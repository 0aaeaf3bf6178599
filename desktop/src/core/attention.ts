/**
 * What people look at: which window is focused, what it shows, whether the screen is locked. Owns the rule for "read":
 * a message counts once it was on screen for half a second in a focused window of an unlocked computer.
 */
import type { EnvironmentEvent } from '../ipc/core-port.ts';
import type { Timers } from './ports.ts';

/** How long a window that comes to the front must stay there before what it shows counts as read. */
export const READ_AFTER_MS = 500;

interface WindowFacts {
  isFocused: boolean;
  conversationId: string | null;
  /** What the window reported while it could not count. */
  seen: { readonly conversationId: string; readonly seq: number } | null;
  cancel: (() => void) | undefined;
}

/** See the file comment. */
export class Attention {
  readonly #timers: Timers;
  readonly #read: (conversationId: string, seq: number) => void;
  readonly #windows = new Map<number, WindowFacts>();
  #isLocked = false;

  constructor(timers: Timers, read: (conversationId: string, seq: number) => void) {
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
    if (before !== conversationId) window.seen = null;
    return before;
  }

  /** A message was on screen for half a second in this window. */
  seen(windowId: number, conversationId: string, seq: number): void {
    const window = this.#window(windowId);
    if (this.#counts(window)) return this.#read(conversationId, seq);
    const earlier = window.seen?.conversationId === conversationId ? window.seen.seq : 0;
    window.seen = { conversationId, seq: Math.max(seq, earlier) };
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
    } else if (window.seen) {
      window.cancel ??= this.#timers.after(READ_AFTER_MS, () => {
        window.cancel = undefined;
        const { seen } = window;
        window.seen = null;
        if (seen && seen.conversationId === window.conversationId) this.#read(seen.conversationId, seen.seq);
      });
    }
  }

  #counts(window: WindowFacts): boolean {
    return window.isFocused && !this.#isLocked;
  }

  #window(windowId: number): WindowFacts {
    const known = this.#windows.get(windowId);
    if (known) return known;
    const window: WindowFacts = { isFocused: false, conversationId: null, seen: null, cancel: undefined };
    this.#windows.set(windowId, window);
    return window;
  }
}
