/** Views that main itself has open, as any window does, under the window id 0. Owns their state, kept by patches. */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import { applyPatch, type ViewChange, type ViewState } from '../ipc/feed.ts';
import type { ViewName, ViewParams, ViewTypes } from '../ipc/views.ts';
import type { AnyOpenedView } from './view-registry.ts';

/** Id under which main itself opens views and sends intents; windows count from 1. */
export const MAIN_WINDOW_ID = 0;

/** Who opens views. */
export interface ViewSource {
  openView(windowId: number, view: ViewName, params: unknown): Promise<Result<AnyOpenedView, ErrorBody>>;
}

type StateOf<V extends ViewName> = ViewState<ViewTypes[V]['row'], ViewTypes[V]['meta']>;

interface Followed {
  state: ViewState;
  readonly tell: (state: ViewState) => void;
}

/** See the file's head. */
export class OwnViews {
  readonly #followed = new Map<number, Followed>();

  /** Opens a view and calls back with its state now and at every change. */
  async follow<V extends ViewName>(
    source: ViewSource,
    view: V,
    params: ViewParams<V>,
    listener: (state: StateOf<V>) => void,
  ): Promise<void> {
    const opened = await source.openView(MAIN_WINDOW_ID, view, params);
    if (!opened.ok) return;
    // The core's views are typed by name in the contract; only the name is lost on the way through the thread.
    const followed: Followed = {
      state: opened.value.state,
      tell: (state) => listener(state as StateOf<V>),
    };
    this.#followed.set(opened.value.viewId, followed);
    followed.tell(followed.state);
  }

  /** Takes the changes the host delivers to {@link MAIN_WINDOW_ID}. */
  receive(changes: readonly ViewChange[]): void {
    for (const { viewId, patch } of changes) {
      const followed = this.#followed.get(viewId);
      if (!followed) continue;
      followed.state = applyPatch(followed.state, patch);
      followed.tell(followed.state);
    }
  }
}
