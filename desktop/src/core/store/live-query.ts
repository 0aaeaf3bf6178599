/**
 * Live queries: commit → changed keys → touched views → patches. Owns which views are open, when each is asked again
 * and the version of each. Promises: a view is asked at most once per frame and only when a key of it changed; every
 * patch is the difference to the state sent before, so a replica always equals a fresh query at its version; a hidden
 * window is not asked at all until it shows again, then once. What a person did in a window shows there at once.
 */
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { diffStates, type ViewChange, type ViewState } from '../../ipc/feed.ts';
import { defaultNotificationSettings, type NotificationLevel } from '../../ipc/notifications.ts';
import type { ViewName } from '../../ipc/views.ts';
import type { Clock, Timers } from '../ports.ts';
import type { Changes } from './store-types.ts';
import { AccountReads, type LiveAccount } from './views/account-reads.ts';
import type { Unread } from './views/conversation-list.ts';
import { viewOpener, type ViewContext, type ViewOpener } from './views/create-view.ts';
import type { HistoryRequests } from './views/timeline-view.ts';
import type { LiveView, ViewKey } from './views/view.ts';
import type { VolatileState } from './views/volatile-state.ts';

/** The least time between two batches, one frame of a 60 Hz screen. */
export const FRAME_MS = 16;

/** What live views need from outside. */
export interface LiveViewsPorts {
  readonly changes: Changes;
  readonly volatile: VolatileState;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly history: HistoryRequests;
  /** Delivers a patch to a window. At most one per view and batch. */
  send(windowId: number, change: ViewChange): void;
  /** A read failed (a damaged file). The view keeps its last state until the account's files are set anew. */
  readFailed(error: unknown): void;
}

/** The first state of a view; its changes carry version + 1, + 2, … */
export interface OpenedState {
  readonly viewId: number;
  readonly version: number;
  readonly state: ViewState;
}

/** The open views of all windows. */
export interface LiveViews {
  /** The account whose files are read, or null while signed out. Open views show the difference at once. */
  setAccount(account: LiveAccount | null): void;
  /** Fails with BAD_REQUEST for parameters the view does not take, LOCAL_DATA_DAMAGED when a file cannot be read. */
  openView(windowId: number, name: ViewName, params: unknown): Result<OpenedState, ErrorBody>;
  /** Does nothing when the view is not of this window, or closed. */
  closeView(windowId: number, viewId: number): void;
  closeWindow(windowId: number): void;
  /**
   * A person just did something in this window: its timelines show it now, before anything else is read. The other
   * views follow within a frame, so that drawing them delays nothing.
   */
  showTimelines(windowId: number): void;
  /** A hidden (minimised, in the tray) window gets nothing until it is visible again. Windows start visible. */
  setWindowVisible(windowId: number, isVisible: boolean): void;
  /** What notifies where a conversation has no setting of its own: the badge counts by it. */
  setNotificationLevel(level: NotificationLevel): void;
  /** Conversations with something unread, each with where that begins. */
  unread(): readonly Unread[];
  /** What the views read, for questions that are no views; null while signed out. */
  reads(): AccountReads | null;
  /** Stops listening and forgets every view. */
  stop(): void;
}

interface OpenView {
  readonly windowId: number;
  readonly name: ViewName;
  readonly opener: ViewOpener;
  view: LiveView;
  state: ViewState;
  version: number;
  isStale: boolean;
}

/** Makes the live views of one core. */
export function createLiveViews(ports: LiveViewsPorts): LiveViews {
  return new LiveViewScheduler(ports);
}

class LiveViewScheduler implements LiveViews {
  readonly #ports: LiveViewsPorts;
  readonly #open = new Map<number, OpenView>();
  readonly #hidden = new Set<number>();
  readonly #unsubscribe: readonly (() => void)[];
  #reads: AccountReads | null = null;
  #level: NotificationLevel = defaultNotificationSettings.level;
  #nextViewId = 1;
  #cancelFlush: (() => void) | null = null;
  /** Whether the flush that is scheduled waits for no frame. */
  #isNextTurn = false;
  #lastFlushMs = Number.NEGATIVE_INFINITY;

  constructor(ports: LiveViewsPorts) {
    this.#ports = ports;
    this.#unsubscribe = [
      ports.changes.onChange((keys) => this.#noteChanges(keys)),
      ports.volatile.onChange((key) => this.#noteChanges([key])),
    ];
  }

  setAccount(account: LiveAccount | null): void {
    this.#reads = account && new AccountReads(account, this.#ports.clock, () => this.#level);
    for (const open of this.#open.values()) {
      open.view = open.opener(this.#context());
      open.isStale = true;
    }
    this.#scheduleFlush();
  }

  openView(windowId: number, name: ViewName, params: unknown): Result<OpenedState, ErrorBody> {
    const opener = viewOpener(name, params);
    if (!opener) return err(errorBody('BAD_REQUEST', { detail: `view ${name}` }));
    const opened = this.#read(() => {
      const view = opener(this.#context());
      return { view, state: view.query() };
    });
    if (!opened) return err(errorBody('LOCAL_DATA_DAMAGED'));
    const { view, state } = opened;
    const viewId = this.#nextViewId++;
    this.#open.set(viewId, { windowId, name, opener, view, state, version: 1, isStale: false });
    return ok({ viewId, version: 1, state });
  }

  closeView(windowId: number, viewId: number): void {
    if (this.#open.get(viewId)?.windowId === windowId) this.#open.delete(viewId);
  }

  closeWindow(windowId: number): void {
    for (const [viewId, open] of this.#open) if (open.windowId === windowId) this.#open.delete(viewId);
    this.#hidden.delete(windowId);
  }

  showTimelines(windowId: number): void {
    if (this.#hidden.has(windowId)) return;
    let isAnyShown = false;
    for (const [viewId, open] of this.#open) {
      if (open.windowId !== windowId || open.name !== 'timeline' || !open.isStale) continue;
      this.#refresh(viewId, open);
      isAnyShown = true;
    }
    // Put off once, from the next turn to the next frame; one that waits for its frame keeps it.
    if (!isAnyShown || !this.#isNextTurn) return;
    this.#lastFlushMs = this.#ports.clock.monotonicMs();
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    this.#scheduleFlush();
  }

  setWindowVisible(windowId: number, isVisible: boolean): void {
    if (!isVisible) this.#hidden.add(windowId);
    else if (this.#hidden.delete(windowId)) this.#scheduleFlush();
  }

  setNotificationLevel(level: NotificationLevel): void {
    if (level === this.#level) return;
    this.#level = level;
    this.#reads?.list.forgetAll();
    this.#noteChanges(['conversations']);
  }

  unread(): readonly Unread[] {
    return this.#read(() => this.#reads?.list.unread()) ?? [];
  }

  reads(): AccountReads | null {
    return this.#reads;
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#cancelFlush?.();
    this.#open.clear();
  }

  #read<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#ports.readFailed(error);
      return undefined;
    }
  }

  #context(): ViewContext {
    const { volatile, history } = this.#ports;
    return { reads: this.#reads, volatile, history };
  }

  #noteChanges(keys: Iterable<ViewKey>): void {
    let isAnyStale = false;
    for (const key of keys) {
      this.#reads?.noteChange(key);
      for (const open of this.#open.values()) {
        if (open.view.noteChange(key)) open.isStale = true;
        isAnyStale ||= open.isStale && !this.#hidden.has(open.windowId);
      }
    }
    if (isAnyStale) this.#scheduleFlush();
  }

  // The first change after a quiet frame goes out in the next turn: a key press must not wait for a frame that has
  // nothing else in it. Changes close together share one batch.
  #scheduleFlush(): void {
    if (this.#cancelFlush) return;
    const sinceLastMs = this.#ports.clock.monotonicMs() - this.#lastFlushMs;
    const delayMs = Math.min(FRAME_MS, Math.max(0, FRAME_MS - sinceLastMs));
    this.#isNextTurn = delayMs === 0;
    this.#cancelFlush = this.#ports.timers.after(delayMs, () => this.#flush());
  }

  #flush(): void {
    this.#cancelFlush = null;
    this.#isNextTurn = false;
    this.#lastFlushMs = this.#ports.clock.monotonicMs();
    for (const [viewId, open] of this.#open) {
      if (open.isStale && !this.#hidden.has(open.windowId)) this.#refresh(viewId, open);
    }
  }

  #refresh(viewId: number, open: OpenView): void {
    open.isStale = false;
    const next = this.#read(() => open.view.query());
    const patch = next && diffStates(open.state, next);
    if (!patch) return;
    open.state = next;
    open.version += 1;
    this.#ports.send(open.windowId, { viewId, version: open.version, patch });
  }
}
