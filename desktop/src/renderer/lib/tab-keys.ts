/** Arrow keys between the tabs of a `tablist`. */
import type { KeyboardEvent } from 'react';

/** Moves focus and choice to the tab beside the focused one; for `onKeyDown` of the list. */
export function moveBetweenTabs(event: KeyboardEvent<HTMLElement>): void {
  const forward = document.documentElement.dir === 'rtl' ? -1 : 1;
  const step = event.key === 'ArrowRight' ? forward : event.key === 'ArrowLeft' ? -forward : 0;
  if (step === 0) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')];
  const next = all[(all.indexOf(document.activeElement as HTMLElement) + step + all.length) % all.length];
  event.preventDefault();
  next?.focus();
  next?.click();
}
