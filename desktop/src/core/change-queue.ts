/** View changes on their way to windows. Owns that changes of one turn travel together: one message, one drawing. */
import type { FromCore } from '../ipc/core-port.ts';
import type { ViewChange } from '../ipc/feed.ts';

/** See the file comment. */
export class ChangeQueue {
  readonly #post: (message: FromCore) => void;
  readonly #unposted = new Map<number, ViewChange[]>();

  constructor(post: (message: FromCore) => void) {
    this.#post = post;
  }

  /** A view of a window changed; goes at the end of the turn at the latest. */
  add(windowId: number, change: ViewChange): void {
    if (this.#unposted.size === 0) queueMicrotask(() => this.flush());
    const changes = this.#unposted.get(windowId);
    if (changes) changes.push(change);
    else this.#unposted.set(windowId, [change]);
  }

  /** Sends what waits. */
  flush(): void {
    for (const [windowId, changes] of this.#unposted) this.#post({ type: 'viewsChanged', windowId, changes });
    this.#unposted.clear();
  }
}
