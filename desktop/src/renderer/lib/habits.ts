/** Habits of this device, kept by the window. Storage may be refused (private profile, quota): they are a comfort, never a reason to fail. */

/** A habit, or null when there is none (any more). */
export function readHabit(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a habit; where it cannot be kept it is forgotten at the end of the run. */
export function keepHabit(key: string, value: string): void {
  try {
    if (localStorage.getItem(key) !== value) localStorage.setItem(key, value);
  } catch {
    // See above.
  }
}
