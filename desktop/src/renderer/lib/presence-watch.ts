/**
 * Whose presence is on screen. Owns the union over all parts of the window (list, header, People), told to the core half
 * a second after it settles; the protocol allows 200 people per device, the parts shown last win.
 */
import { useEffect, useId } from 'react';
import { limits } from '@curlew/shared/domain/limits.ts';
import { tell } from './bridge.ts';

const settleMs = 500;
const bySource = new Map<string, readonly string[]>();
let told = '';
let timer: ReturnType<typeof setTimeout> | undefined;

function schedule(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const all = [...new Set([...bySource.values()].flat())].slice(-limits.presenceWatch).sort();
    const key = all.join(' ');
    if (key === told) return;
    told = key;
    tell('presence.watch', { userIds: all });
  }, settleMs);
}

/** Watches these people while the component is on screen. */
export function usePresenceWatch(userIds: readonly (string | null | undefined)[]): void {
  const source = useId();
  const key = [...new Set(userIds.filter((id) => typeof id === 'string'))].sort().join(' ');
  useEffect(() => {
    bySource.delete(source);
    bySource.set(source, key === '' ? [] : key.split(' '));
    schedule();
  }, [source, key]);
  useEffect(
    () => () => {
      bySource.delete(source);
      schedule();
    },
    [source],
  );
}
