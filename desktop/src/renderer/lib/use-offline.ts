/** Whether the window says "offline": after 3 s without a connection, so that a short break never flickers. */
import { useEffect, useState } from 'react';
import { useMeta } from './use-view.ts';

/** Time without a word from the server before that is said. */
const offlineAfterMs = 3000;

/** True while offline is declared. */
export function useIsOffline(): boolean {
  const connection = useMeta('connection', {});
  const isDown = connection?.state === 'offline';
  const lastContactMs = connection?.lastContactMs ?? 0;
  const [isDeclared, setDeclared] = useState(false);
  useEffect(() => {
    if (!isDown) {
      setDeclared(false);
      return undefined;
    }
    // A start without network has been out of contact long enough already.
    const waitMs = Math.max(0, Math.min(offlineAfterMs, lastContactMs + offlineAfterMs - Date.now()));
    const timer = setTimeout(() => setDeclared(true), waitMs);
    return () => clearTimeout(timer);
  }, [isDown, lastContactMs]);
  return isDown && isDeclared;
}
