/**
 * Feeds: how a live view travels. Owns the patch format and its application, used by the core (to make patches), the
 * renderer (to apply them) and the test that compares a replica with a fresh query (invariant I22).
 *
 * A view is a list of keyed rows plus a `meta` value. Version v+1 = version v with one patch applied; a replica that
 * sees any other version opens the view again.
 */

/** The state of a view: the keys in order, the row behind each key, and everything that is not a row. */
export interface ViewState<Row = unknown, Meta = unknown> {
  readonly order: readonly string[];
  readonly rows: Readonly<Record<string, Row>>;
  readonly meta: Meta;
}

/** What changed between two versions. Absent parts are unchanged; rows missing from a new `order` are dropped. */
export interface ViewPatch<Row = unknown, Meta = unknown> {
  readonly order?: readonly string[];
  readonly rows?: Readonly<Record<string, Row>>;
  readonly meta?: Meta;
}

/** A numbered patch of one open view. */
export interface ViewChange {
  readonly viewId: number;
  readonly version: number;
  readonly patch: ViewPatch;
}

/** Applies a patch. Rows and order that did not change keep their identity, so that React skips them. */
export function applyPatch<Row, Meta>(
  state: ViewState<Row, Meta>,
  patch: ViewPatch<Row, Meta>,
): ViewState<Row, Meta> {
  const order = patch.order ?? state.order;
  let rows = state.rows;
  if (patch.order || patch.rows) {
    const merged = { ...state.rows, ...patch.rows };
    rows = patch.order
      ? Object.fromEntries(order.flatMap((key) => (merged[key] === undefined ? [] : [[key, merged[key]]])))
      : merged;
  }
  return { order, rows, meta: patch.meta === undefined ? state.meta : patch.meta };
}

/**
 * Makes the patch from one state to the next, comparing rows by what stands in them.
 * @returns undefined when nothing changed
 */
export function diffStates<Row, Meta>(
  from: ViewState<Row, Meta>,
  to: ViewState<Row, Meta>,
): ViewPatch<Row, Meta> | undefined {
  const sameOrder =
    from.order.length === to.order.length && from.order.every((key, at) => key === to.order[at]);
  const changed = Object.entries(to.rows).filter(([key, row]) => !sameValue(from.rows[key], row));
  const sameMeta = sameValue(from.meta, to.meta);
  if (sameOrder && changed.length === 0 && sameMeta) return undefined;
  return {
    ...(sameOrder ? {} : { order: to.order }),
    ...(changed.length === 0 ? {} : { rows: Object.fromEntries(changed) }),
    ...(sameMeta ? {} : { meta: to.meta }),
  };
}

// Rows are plain data; comparing them in place makes no garbage, as writing both as JSON at every change would. A
// property that is undefined counts as absent.
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const before = a as Readonly<Record<string, unknown>>;
  const after = b as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(before)) if (!sameValue(before[key], after[key])) return false;
  return Object.keys(after).every((key) => before[key] !== undefined || after[key] === undefined);
}
