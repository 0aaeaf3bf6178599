/** Who is signed in, as main sees it. */
import type { SessionMeta } from '../ipc/views.ts';
import type { OwnViews, ViewSource } from './own-views.ts';

/** See the file's head. */
export class SessionWatch {
  readonly #views: OwnViews;
  readonly #listeners: ((session: SessionMeta) => void)[] = [];
  #session: SessionMeta | undefined;

  constructor(views: OwnViews) {
    this.#views = views;
  }

  /** Opens the view. */
  start(core: ViewSource): Promise<void> {
    return this.#views.follow(core, 'session', {}, ({ meta }) => {
      this.#session = meta;
      for (const listener of this.#listeners) listener(meta);
    });
  }

  /** Calls back now, if the session is known, and at every change. */
  onChange(listener: (session: SessionMeta) => void): void {
    this.#listeners.push(listener);
    if (this.#session) listener(this.#session);
  }
}
