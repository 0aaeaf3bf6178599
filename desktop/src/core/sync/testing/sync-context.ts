/** A sync context for tests of one part: what the part uses is given, everything else throws when touched. */
import type { Timers } from '../../ports.ts';
import type { CacheReader, Ingest, Outbox } from '../../store/store-types.ts';
import { defaultTuning, type SyncContext } from '../sync-context.ts';

/** Timers that run when told. */
export class ManualTimers implements Timers {
  readonly #armed: { readonly delayMs: number; readonly run: () => void }[] = [];

  after(delayMs: number, run: () => void): () => void {
    const timer = { delayMs, run };
    this.#armed.push(timer);
    return () => {
      const at = this.#armed.indexOf(timer);
      if (at >= 0) this.#armed.splice(at, 1);
    };
  }

  /** Delays of what is armed. */
  delays(): readonly number[] {
    return this.#armed.map((timer) => timer.delayMs);
  }

  /** Runs what is armed now, once. */
  runAll(): void {
    for (const { run } of this.#armed.splice(0)) run();
  }
}

/** What a part under test needs. */
export interface ContextParts {
  readonly timers?: Timers;
  readonly reader?: Partial<CacheReader>;
  readonly ingest?: Partial<Ingest>;
  readonly outbox?: Partial<Outbox>;
  readonly call?: SyncContext['call'];
  readonly request?: SyncContext['request'];
}

/** See the file comment. */
export function contextWith(parts: ContextParts): SyncContext {
  const absent = (): never => {
    throw new Error('this part was not given');
  };
  return {
    userId: '00000000-0000-7000-8000-000000000001',
    stores: {
      reader: fill<CacheReader>('reader', parts.reader),
      ingest: fill<Ingest>('ingest', parts.ingest),
      outbox: fill<Outbox>('outbox', parts.outbox),
      meta: { get: () => null, set: () => undefined },
    },
    clock: { nowMs: () => 0, monotonicMs: () => 0 },
    timers: parts.timers ?? new ManualTimers(),
    random: { unit: () => 0.5, bytes: (count) => new Uint8Array(count) },
    log: () => undefined,
    tuning: defaultTuning,
    steadyNowMs: () => 0,
    serverNowMs: () => 0,
    epoch: () => 'epoch',
    lostLogs: new Set(),
    call: parts.call ?? absent,
    request: parts.request ?? absent,
    generation: () => 1,
    isStopped: () => false,
    visibleConversations: () => [],
    committed: () => undefined,
  };
}

/** The given methods; any other one names itself when it is called. */
function fill<T extends object>(name: string, given: Partial<T> = {}): T {
  return new Proxy(given, {
    get(target, key) {
      if (!(key in target)) throw new Error(`${name}.${String(key)} was not given`);
      return Reflect.get(target, key) as unknown;
    },
  }) as T;
}
