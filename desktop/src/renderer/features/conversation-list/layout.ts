/**
 * Lines of the conversation list. Owns the sections Pinned and Recent around a list of which only a window of rows is
 * known, and the order that stays still while the pointer is over it. Pure.
 */

import type { ViewParams } from '../../../ipc/views.ts';

/** Filters of the list. */
export type ListFilter = ViewParams<'conversations'>['filter'];

/** Kinds of conversation with a section of their own. */
export type SectionKind = NonNullable<ViewParams<'conversations'>['kind']>;

/** One line: a section title, or the row at a position of the whole list. */
export type ListLine =
  | { readonly kind: 'section'; readonly section: 'pinned' | 'recent' }
  | { readonly kind: 'row'; readonly position: number };

/** Number of lines of a list. Titles show only when something is pinned. */
export function lineCount(total: number, pinned: number): number {
  if (pinned === 0) return total;
  return total + (total > pinned ? 2 : 1);
}

/** The line at an index. */
export function lineAt(index: number, pinned: number): ListLine {
  if (pinned === 0) return { kind: 'row', position: index };
  if (index === 0) return { kind: 'section', section: 'pinned' };
  if (index <= pinned) return { kind: 'row', position: index - 1 };
  if (index === pinned + 1) return { kind: 'section', section: 'recent' };
  return { kind: 'row', position: index - 2 };
}

/** The line index of a row position. */
export function lineOfPosition(position: number, pinned: number): number {
  if (pinned === 0) return position;
  return position < pinned ? position + 1 : position + 2;
}

/** Rows asked for at once. */
export const listWindow = 200;
/** The window moves in steps, so that scrolling does not open a view per pixel. */
const listStep = 100;

/** Offset of the window that covers a position with room on both sides. */
export function offsetFor(position: number): number {
  return Math.max(0, Math.floor((position - listStep / 2) / listStep) * listStep);
}

/**
 * The order to show while it must not change under the pointer: rows stay where they are, rows that vanished leave,
 * new ones wait at the end.
 */
export function heldOrder(held: readonly string[], current: readonly string[]): readonly string[] {
  const present = new Set(current);
  const kept = held.filter((key) => present.has(key));
  const known = new Set(kept);
  const added = current.filter((key) => !known.has(key));
  return added.length === 0 && kept.length === held.length ? held : [...kept, ...added];
}
