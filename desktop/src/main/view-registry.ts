/**
 * Open views by window. Owns the ids and version numbers windows see, which outlive the core that serves them: the
 * core's own ids and versions start anew with every core.
 */
import type { ViewChange, ViewState } from '../ipc/feed.ts';
import type { ViewName } from '../ipc/views.ts';

/** An opened view of any kind, as it travels to the preload. */
export interface AnyOpenedView {
  readonly viewId: number;
  readonly version: number;
  readonly state: ViewState;
}

interface OpenView {
  readonly viewId: number;
  readonly windowId: number;
  readonly view: ViewName;
  readonly params: unknown;
  /** Whether the window has a first state of it. */
  isOpened: boolean;
  /** Undefined while no core serves it. */
  coreViewId: number | undefined;
  /** Version the window has. */
  version: number;
  /** Window's version minus the core's. */
  offset: number;
}

/** See the file's head. */
export class ViewRegistry {
  readonly #nextViewId: () => number;
  readonly #views = new Map<number, OpenView>();
  readonly #byCoreId = new Map<number, OpenView>();

  constructor(nextViewId: () => number) {
    this.#nextViewId = nextViewId;
  }

  /** Registers a view that is about to be opened. */
  add(windowId: number, view: ViewName, params: unknown): number {
    const viewId = this.#nextViewId();
    const none = { isOpened: false, coreViewId: undefined, version: 0, offset: 0 };
    this.#views.set(viewId, { viewId, windowId, view, params, ...none });
    return viewId;
  }

  /**
   * The core opened it.
   * @returns false when it was closed meanwhile
   */
  opened(viewId: number, coreViewId: number, version: number): boolean {
    const view = this.#views.get(viewId);
    if (!view) return false;
    Object.assign(view, { isOpened: true, coreViewId, version, offset: 0 });
    this.#byCoreId.set(coreViewId, view);
    return true;
  }

  /**
   * A new core opened it again.
   * @returns the change that brings the window to the new state, or undefined when the view was closed meanwhile
   */
  reopened(
    viewId: number,
    answer: { readonly viewId: number; readonly version: number; readonly state: ViewState },
  ): ViewChange | undefined {
    const view = this.#views.get(viewId);
    if (!view) return undefined;
    const version = view.version + 1;
    Object.assign(view, { coreViewId: answer.viewId, version, offset: version - answer.version });
    this.#byCoreId.set(answer.viewId, view);
    return { viewId, version, patch: { ...answer.state } };
  }

  /** A change of the core in the window's numbers; undefined when nobody looks at that view any more. */
  translate(windowId: number, change: ViewChange): ViewChange | undefined {
    const view = this.#byCoreId.get(change.viewId);
    if (!view || view.windowId !== windowId) return undefined;
    view.version = change.version + view.offset;
    return { viewId: view.viewId, version: view.version, patch: change.patch };
  }

  /**
   * Forgets a view of this window.
   * @returns the core's id of it, when the core has it
   */
  remove(windowId: number, viewId: number): number | undefined {
    const view = this.#views.get(viewId);
    if (!view || view.windowId !== windowId) return undefined;
    this.#views.delete(viewId);
    if (view.coreViewId !== undefined) this.#byCoreId.delete(view.coreViewId);
    return view.coreViewId;
  }

  /** Forgets all views of a window; returns the core's ids of them. */
  removeWindow(windowId: number): number[] {
    return [...this.#views.values()].flatMap((view) => {
      if (view.windowId !== windowId) return [];
      return this.remove(windowId, view.viewId) ?? [];
    });
  }

  /** The core is gone, and with it its ids. */
  orphanAll(): void {
    this.#byCoreId.clear();
    for (const view of this.#views.values()) view.coreViewId = undefined;
  }

  /** Views a window has and no core serves; those still being opened for the first time are not among them. */
  orphans(): readonly Readonly<OpenView>[] {
    return [...this.#views.values()].filter((view) => view.isOpened && view.coreViewId === undefined);
  }
}
