/**
 * What a live view is, to the scheduler. Owns the seam between `live-query.ts`, which knows when to ask, and the views,
 * which know what to read.
 */
import type { ViewState } from '../../../ipc/feed.ts';
import type { ViewName, ViewTypes } from '../../../ipc/views.ts';
import type { ChangedKey } from '../store-types.ts';
import type { VolatileKey } from './volatile-state.ts';

/** Anything a view may depend on. */
export type ViewKey = ChangedKey | VolatileKey;

/** State of the view of one name. */
export type StateOf<V extends ViewName> = ViewState<ViewTypes[V]['row'], ViewTypes[V]['meta']>;

/** One opened view. */
export interface LiveView<V extends ViewName = ViewName> {
  /**
   * Takes note of a changed key.
   * @returns whether what this view shows may have changed; yes rather than miss a change
   */
  noteChange(key: ViewKey): boolean;
  /** Reads the view's own visible range. */
  query(): StateOf<V>;
}

/** A view of one value and no rows. */
export function rowless<Meta>(meta: Meta): ViewState<never, Meta> {
  return { order: [], rows: {}, meta };
}

/** A view's state from keyed rows in order. */
export function keyed<Row, Meta>(
  rows: readonly (readonly [key: string, row: Row])[],
  meta: Meta,
): ViewState<Row, Meta> {
  return { order: rows.map(([key]) => key), rows: Object.fromEntries(rows), meta };
}
