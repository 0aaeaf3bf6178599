/**
 * The views main serves itself: preferences, about, updates, accounts, network and spelling. Owns their current state
 * and who has them open. Each is a `meta` value without rows.
 */
import type { Result } from '@curlew/shared/lib/result.ts';
import { ok } from '@curlew/shared/lib/result.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { ViewChange } from '../ipc/feed.ts';
import type { ViewName, ViewTypes } from '../ipc/views.ts';
import type { AnyOpenedView } from './view-registry.ts';

/** Views that main serves. */
export type LocalViewName = 'preferences' | 'about' | 'updates' | 'accounts' | 'network' | 'spelling';
type LocalMetas = { [V in LocalViewName]: ViewTypes[V]['meta'] };

interface Subscriber {
  readonly viewId: number;
  readonly windowId: number;
  readonly view: LocalViewName;
  version: number;
}

/** See the file's head. */
export class LocalViews {
  readonly #metas: LocalMetas;
  readonly #nextViewId: () => number;
  readonly #toWindow: (windowId: number, changes: readonly ViewChange[]) => void;
  readonly #subscribers = new Map<number, Subscriber>();

  constructor(
    metas: LocalMetas,
    nextViewId: () => number,
    toWindow: (windowId: number, changes: readonly ViewChange[]) => void,
  ) {
    this.#metas = { ...metas };
    this.#nextViewId = nextViewId;
    this.#toWindow = toWindow;
  }

  /** Opens a view for a window. */
  open(windowId: number, view: LocalViewName): Result<AnyOpenedView, ErrorBody> {
    const viewId = this.#nextViewId();
    this.#subscribers.set(viewId, { viewId, windowId, view, version: 1 });
    return ok({ viewId, version: 1, state: { order: [], rows: {}, meta: this.#metas[view] } });
  }

  /** Closes a view of this window; other ids are ignored. */
  close(windowId: number, viewId: number): void {
    if (this.#subscribers.get(viewId)?.windowId === windowId) this.#subscribers.delete(viewId);
  }

  /** Closes all views of a window. */
  closeAllOf(windowId: number): void {
    for (const { viewId } of [...this.#subscribers.values()].filter((one) => one.windowId === windowId)) {
      this.#subscribers.delete(viewId);
    }
  }

  /** Replaces the state of a view and tells every window that has it open. */
  publish<V extends LocalViewName>(view: V, meta: LocalMetas[V]): void {
    this.#metas[view] = meta;
    for (const subscriber of this.#subscribers.values()) {
      if (subscriber.view !== view) continue;
      subscriber.version += 1;
      const { viewId, windowId, version } = subscriber;
      this.#toWindow(windowId, [{ viewId, version, patch: { meta } }]);
    }
  }
}

/** Whether main serves this view. */
export function isLocalView(view: ViewName): view is LocalViewName {
  return (
    view === 'preferences' ||
    view === 'about' ||
    view === 'updates' ||
    view === 'accounts' ||
    view === 'network' ||
    view === 'spelling'
  );
}
