/**
 * Commit → changed keys. Owns the batching: keys named in one turn reach every listener once, after the commits that
 * named them. Events announce, they never steer: a listener that fails does not stop the others.
 */
import type { ChangedKey, Changes } from './store-types.ts';

/**
 * Makes the emitter of one account.
 * @param schedule runs a function after the current turn (a microtask in production)
 * @param listenerFailed hears of a listener that threw, which is a bug
 */
export function createChanges(
  schedule: (run: () => void) => void,
  listenerFailed: (error: unknown) => void,
): Changes {
  const listeners = new Set<(keys: ReadonlySet<ChangedKey>) => void>();
  let pending = new Set<ChangedKey>();
  const flush = (): void => {
    const keys = pending;
    pending = new Set();
    for (const listener of listeners) {
      try {
        listener(keys);
      } catch (error) {
        listenerFailed(error);
      }
    }
  };
  return {
    emit(keys) {
      const wasIdle = pending.size === 0;
      for (const key of keys) pending.add(key);
      if (wasIdle && pending.size > 0) schedule(flush);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
