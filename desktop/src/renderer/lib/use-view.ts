/**
 * Hooks over live views. Own how a component reads one: the whole replica, or a part of it, so that a patch renders
 * again only those who show what it changed.
 */
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { ViewName, ViewParams, ViewTypes } from '../../ipc/views.ts';
import { liveView, viewKey, type Replica } from './live-view.ts';

/** The replica of a view. */
export function useView<V extends ViewName>(name: V, params: ViewParams<V>): Replica<V> {
  return useViewPart(name, params, (replica) => replica);
}

/** A part of a view. `select` must return the same identity for the same input (no fresh objects). */
export function useViewPart<V extends ViewName, S>(
  name: V,
  params: ViewParams<V>,
  select: (replica: Replica<V>) => S,
): S {
  const key = viewKey(name, params);
  // Callers may build the params object anew on each render.
  // oxlint-disable-next-line react/exhaustive-deps -- the key stands for name and params
  const view = useMemo(() => liveView(name, params), [key]);
  useEffect(() => view.retain(), [view]);
  return useSyncExternalStore(view.subscribe, () => select(view.get()));
}

/** The meta value of a view without rows, or null before its first snapshot. */
export function useMeta<V extends ViewName>(name: V, params: ViewParams<V>): ViewTypes[V]['meta'] | null {
  return useViewPart(name, params, (replica) => replica.state?.meta ?? null);
}

/**
 * A view whose parameters move (a window over a long list). While the view with new parameters opens, the previous
 * rows stay; `sticky` says which parameter changes may do that: only those with the same `sticky` value.
 */
export function useMovingView<V extends ViewName>(
  name: V,
  params: ViewParams<V>,
  sticky: string,
): Replica<V> & { readonly isStale: boolean } {
  const replica = useView(name, params);
  const last = useRef<{ sticky: string; replica: Replica<V> } | null>(null);
  if (replica.state) last.current = { sticky, replica };
  const kept = last.current;
  if (!replica.state && kept && kept.sticky === sticky) {
    return { state: kept.replica.state, error: replica.error, isStale: true };
  }
  return { ...replica, isStale: false };
}

/** True once `condition` has held for `delayMs` without a break: for skeletons and chips that must not flicker. */
export function useLasting(condition: boolean, delayMs: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!condition) {
      setLasting(false);
      return undefined;
    }
    const timer = setTimeout(() => setLasting(true), delayMs);
    return () => clearTimeout(timer);
  }, [condition, delayMs]);
  return condition && lasting;
}
