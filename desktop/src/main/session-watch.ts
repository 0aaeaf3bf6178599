/** Main's own look at the session: a subscriber of the session view like any window, under the window id 0. */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { ViewChange } from '../ipc/feed.ts';
import type { SessionMeta, ViewName } from '../ipc/views.ts';
import type { AnyOpenedView } from './view-registry.ts';

/** Id under which main itself opens views and sends intents; windows count from 1. */
export const MAIN_WINDOW_ID = 0;

interface ViewSource {
  openView(windowId: number, view: ViewName, params: unknown): Promise<Result<AnyOpenedView, ErrorBody>>;
}

/** See the file's head. */
export class SessionWatch {
  readonly #listeners: ((session: SessionMeta) => void)[] = [];
  #session: SessionMeta | undefined;

  /** Opens the view. */
  async start(core: ViewSource): Promise<void> {
    const opened = await core.openView(MAIN_WINDOW_ID, 'session', {});
    if (opened.ok) this.#changed(opened.value.state.meta as SessionMeta);
  }

  /** Takes the changes the host delivers to {@link MAIN_WINDOW_ID}. */
  receive(changes: readonly ViewChange[]): void {
    for (const { patch } of changes) if (patch.meta !== undefined) this.#changed(patch.meta as SessionMeta);
  }

  /** Calls back now, if the session is known, and at every change. */
  onChange(listener: (session: SessionMeta) => void): void {
    this.#listeners.push(listener);
    if (this.#session) listener(this.#session);
  }

  // The core's views are typed by name in the contract; only the name is lost on the way through the thread.
  #changed(session: SessionMeta): void {
    this.#session = session;
    for (const listener of this.#listeners) listener(session);
  }
}
