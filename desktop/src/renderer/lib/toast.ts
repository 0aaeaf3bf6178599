/**
 * The toast: one at a time, for undo and refused actions only. Owns which one shows; the six seconds are counted by
 * the component, because hovering and focus hold it.
 */
import { createStore, type Store } from './store.ts';

/** A toast. Its action takes back what was done already; without it, nothing more happens. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

/** The toast on screen, or null. */
export const currentToast: Store<Toast | null> = createStore<Toast | null>(null);

let nextId = 1;

/** Shows a toast; the one before it closes. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  currentToast.set({ ...toast, id: nextId++ });
}

/** Closes the toast on screen; what it offered to undo stays. */
export function closeToast(): void {
  currentToast.set(null);
}

/** Uses the toast's action. */
export function runToastAction(): void {
  const toast = currentToast.get();
  if (!toast) return;
  currentToast.set(null);
  toast.action?.run();
}
