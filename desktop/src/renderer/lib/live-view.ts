/**
 * Replicas of live views. Owns the open views of this window: a snapshot at version v plus patches v+1, v+2 …, shared
 * by every component that asks for the same view with the same parameters. A replica that misses a version opens its
 * view again; until the new snapshot is there the old rows stay on screen, so nothing ever flashes empty.
 */
import { applyPatch, type ViewChange, type ViewState } from '../../ipc/feed.ts';
import type { ViewName, ViewParams, ViewTypes } from '../../ipc/views.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { bridge } from './bridge.ts';

/** What a component sees of a view. `state` is null until the first snapshot came. */
export interface Replica<V extends ViewName> {
  readonly state: ViewState<ViewTypes[V]['row'], ViewTypes[V]['meta']> | null;
  readonly error: ErrorBody | null;
}

/** An open view and its subscribers. */
export interface LiveView<V extends ViewName> {
  readonly get: () => Replica<V>;
  readonly subscribe: (listener: () => void) => () => void;
  /** Counts one user of the view; the returned function gives it back. */
  readonly retain: () => () => void;
}

/** A view stays open this long after its last user, so that a remount does not open it anew. */
const closeDelayMs = 100;
/** Patches can overtake the answer that names their view; this many wait for it. */
const earlyPatchLimit = 200;
/** Pause before a view that could not be opened is tried again. */
const reopenDelayMs = 1000;

interface Entry {
  readonly name: ViewName;
  readonly params: unknown;
  readonly listeners: Set<() => void>;
  replica: Replica<ViewName>;
  viewId: number | null;
  version: number;
  users: number;
  /** Guards against answers of an opening that was given up. */
  generation: number;
  closeTimer: ReturnType<typeof setTimeout> | undefined;
}

const entries = new Map<string, Entry>();
const byViewId = new Map<number, Entry>();
let early: ViewChange[] = [];
let stopListening: (() => void) | null = null;

/** The live view with this name and these parameters, opened when it is first retained. */
export function liveView<V extends ViewName>(name: V, params: ViewParams<V>): LiveView<V> {
  const key = viewKey(name, params);
  const entry = entries.get(key) ?? createEntry(key, name, params);
  return {
    get: () => entry.replica,
    subscribe(listener) {
      entry.listeners.add(listener);
      return () => entry.listeners.delete(listener);
    },
    retain: () => retain(key, entry),
  };
}

/** Identity of a view: same name and parameters, same replica. */
export function viewKey(name: ViewName, params: unknown): string {
  return `${name}:${JSON.stringify(params)}`;
}

/** Forgets every replica. For tests, which install a new bridge each time. */
export function resetLiveViews(): void {
  for (const entry of entries.values()) clearTimeout(entry.closeTimer);
  entries.clear();
  byViewId.clear();
  early = [];
  stopListening?.();
  stopListening = null;
}

function createEntry(key: string, name: ViewName, params: unknown): Entry {
  const entry: Entry = {
    name,
    params,
    listeners: new Set(),
    replica: { state: null, error: null },
    viewId: null,
    version: 0,
    users: 0,
    generation: 0,
    closeTimer: undefined,
  };
  entries.set(key, entry);
  return entry;
}

function retain(key: string, entry: Entry): () => void {
  clearTimeout(entry.closeTimer);
  // The entry may have been closed between the render that found it and the effect that retains it.
  if (entries.get(key) !== entry) entries.set(key, entry);
  entry.users += 1;
  if (entry.users === 1 && entry.viewId === null) void open(entry);
  let released = false;
  return () => {
    if (released) return;
    released = true;
    entry.users -= 1;
    if (entry.users > 0) return;
    entry.closeTimer = setTimeout(() => {
      if (entry.users > 0) return;
      close(entry);
      if (entries.get(key) === entry) entries.delete(key);
    }, closeDelayMs);
  };
}

async function open(entry: Entry): Promise<void> {
  stopListening ??= bridge().onViewsChanged(receive);
  entry.generation += 1;
  const { generation } = entry;
  const answer = await bridge()
    .openView(entry.name, entry.params as never)
    .catch(() => null);
  if (generation !== entry.generation) {
    if (answer?.ok) bridge().closeView(answer.value.viewId);
    return;
  }
  if (!answer?.ok) {
    publish(entry, { state: entry.replica.state, error: answer?.error ?? null });
    setTimeout(() => {
      if (entry.users > 0 && generation === entry.generation) void open(entry);
    }, reopenDelayMs);
    return;
  }
  const { viewId, version, state } = answer.value;
  entry.viewId = viewId;
  entry.version = version;
  byViewId.set(viewId, entry);
  let replica: Replica<ViewName> = { state, error: null };
  for (const change of early.filter((each) => each.viewId === viewId && each.version > version)) {
    if (change.version !== entry.version + 1) break;
    replica = patched(replica, change);
    entry.version = change.version;
  }
  early = early.filter((each) => each.viewId !== viewId);
  publish(entry, replica);
}

function close(entry: Entry): void {
  entry.generation += 1;
  if (entry.viewId === null) return;
  byViewId.delete(entry.viewId);
  bridge().closeView(entry.viewId);
  entry.viewId = null;
}

function receive(changes: readonly ViewChange[]): void {
  // All replicas first, then whoever looks at them: React draws what one task announced in one pass.
  for (const entry of changes.flatMap((change) => take(change) ?? [])) announce(entry);
}

/** Applies a change; returns the replica that has it now. */
function take(change: ViewChange): Entry | undefined {
  const entry = byViewId.get(change.viewId);
  if (!entry) {
    early = [...early.slice(-earlyPatchLimit), change];
    return undefined;
  }
  if (change.version <= entry.version) return undefined;
  if (change.version !== entry.version + 1) {
    close(entry);
    void open(entry);
    return undefined;
  }
  entry.version = change.version;
  entry.replica = patched(entry.replica, change);
  return entry;
}

function patched(replica: Replica<ViewName>, change: ViewChange): Replica<ViewName> {
  if (!replica.state) return replica;
  const state = applyPatch<unknown, unknown>(replica.state, change.patch);
  return { state, error: null } as Replica<ViewName>;
}

function publish(entry: Entry, replica: Replica<ViewName>): void {
  entry.replica = replica;
  announce(entry);
}

function announce(entry: Entry): void {
  for (const listener of [...entry.listeners]) listener();
}
