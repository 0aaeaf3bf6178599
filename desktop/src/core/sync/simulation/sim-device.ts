/**
 * A simulated device: the real sync engine, outbox and SQLite files of one account, on simulated time and network. Owns
 * its crashes. A crash takes an image of the files at any commit and goes on from that image: outbox.db as it stood
 * (synchronous=FULL), cache.db as it stood or as it was at an earlier moment (synchronous=NORMAL loses a suffix).
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import type { Op } from '@curlew/shared/protocol/ops.ts';
import type { Clock, Log } from '../../ports.ts';
import { createMemoryKeyring } from '../../session/keyring.ts';
import { TokenKeeper } from '../../session/token-keeper.ts';
import { Deadlines } from '../../deadlines.ts';
import { openAccount } from '../../open-account.ts';
import type { AccountStores, EnqueueOptions } from '../../store/store-types.ts';
import { rememberedServerTime } from '../lifetime.ts';
import { SyncEngine } from '../sync-engine.ts';
import { defaultTuning } from '../sync-context.ts';
import { randomFrom, type Scheduler } from './scheduler.ts';
import { WALL_START_MS } from './sim-furniture.ts';
import type { SimNetwork } from './sim-network.ts';
import { overdueRows } from './sim-queries.ts';

const FILES = ['outbox.db', 'outbox.db-wal', 'cache.db', 'cache.db-wal'] as const;
type FileName = (typeof FILES)[number];
type Image = ReadonlyMap<FileName, Buffer>;

/** Where in a process's life the next crash strikes. */
export type CrashPoint = 'enqueue' | 'nextBatch' | 'settle' | 'markApplied' | 'markAmbiguous' | 'none';
export const crashPoints: readonly CrashPoint[] = [
  'enqueue',
  'nextBatch',
  'settle',
  'markApplied',
  'markAmbiguous',
];

/** A message this device composed, for the check that none is lost. */
export interface Composed {
  readonly op: Extract<Op, { kind: 'message.send' }>;
  readonly deviceId: string;
  /** The person deleted it before it was sent. */
  isCancelled: boolean;
  /** The person deleted it, whenever: no device has to bring it back to a restored server. */
  isDeleted: boolean;
  /** It stopped, and the person sent it later. */
  isDecided: boolean;
}

interface Process {
  readonly stores: AccountStores;
  readonly engine: SyncEngine;
  readonly deadlines: Deadlines;
  isAlive: boolean;
}

/** What a device is made of. */
export interface SimDeviceOptions {
  readonly userId: string;
  readonly deviceId: string;
  readonly dir: string;
  readonly scheduler: Scheduler;
  readonly network: SimNetwork;
  readonly tuning?: Partial<typeof defaultTuning>;
  readonly onLog?: Log;
  /** By how many ms everybody's clocks are ahead of the simulation's: nights, in which computers sleep. */
  readonly passedMs?: () => number;
}

/** See the file comment. */
export class SimDevice {
  readonly userId: string;
  readonly deviceId: string;
  readonly composed: Composed[] = [];
  /** Conversations whose cached rows changed since they were last checked. */
  readonly dirty = new Set<string>();
  /** Its outbox changed since it was last checked. */
  isTouched = false;
  visible: readonly string[] = [];
  /** Its clock was wrong at some time: what it hides without a connection is what it could know. */
  wasClockWrong = false;
  /** Its disk is full: what it hides, it hides when there is room again. */
  isDiskLimited = false;
  #wallSkewMs = 0;
  restarts = 0;
  serverRestores = 0;
  readonly #options: SimDeviceOptions;
  readonly #keyring = createMemoryKeyring();
  #process: Process | undefined;
  /** What a view would have shown of messages that were over, before anything else ran. */
  #openedWith: readonly string[] = [];
  #crashAt: CrashPoint = 'none';
  #image: Image | undefined;
  #earlier: Image | undefined;

  constructor(options: SimDeviceOptions) {
    this.#options = options;
    this.userId = options.userId;
    this.deviceId = options.deviceId;
    void this.#keyring.set(options.deviceId, 'refresh');
    mkdirSync(options.dir, { recursive: true });
  }

  /** By how many ms this device's wall clock is wrong. */
  get wallSkewMs(): number {
    return this.#wallSkewMs;
  }

  set wallSkewMs(skewMs: number) {
    this.#wallSkewMs = skewMs;
    this.wasClockWrong = true;
  }

  /** The running process; undefined while it is down. */
  get running(): { readonly stores: AccountStores; readonly engine: SyncEngine } | undefined {
    return this.#process;
  }

  /** Messages on the first screen of this process although their time was over, as far as it knew. */
  get openedWith(): readonly string[] {
    return this.#openedWith;
  }

  /** A crash was hit; the files to go on from are kept. */
  get hasCrashed(): boolean {
    return this.#image !== undefined;
  }

  /** Starts the process on the files as they are. */
  start(): void {
    const { userId, deviceId, scheduler, network, dir } = this.#options;
    const process: { isAlive: boolean } = { isAlive: true };
    const isAlive = (): boolean => process.isAlive && this.#image === undefined;
    const clock: Clock = {
      nowMs: () => scheduler.nowMs + this.wallSkewMs + WALL_START_MS + (this.#options.passedMs?.() ?? 0),
      monotonicMs: () => scheduler.nowMs,
    };
    const timers = scheduler.timersOf(`${deviceId.slice(-4)} timer`, isAlive);
    const random = randomFrom(scheduler.unit);
    const log: Log = this.#options.onLog ?? (() => undefined);
    const transport = network.transportFor({ userId, deviceId, isAlive });
    const account = { dir, serverUrl: 'https://oracle.example', userId };
    const stores = openAccount({ ...account, clock, random, log, freeBytes: () => 2 ** 40 });
    stores.changes.onChange((keys) => {
      if (keys.has('outbox')) this.isTouched = true;
      for (const key of keys) if (key.startsWith('messages:')) this.dirty.add(key.slice('messages:'.length));
    });
    this.#openedWith = overdueRows(stores.cacheDb, rememberedServerTime(stores.meta, clock.nowMs()));
    this.#plant(stores);
    const tokens = new TokenKeeper({
      accountId: deviceId,
      keyring: this.#keyring,
      http: transport,
      clock,
      timers,
      log,
      onKeyringState: () => undefined,
    });
    const engine = new SyncEngine({
      userId,
      deviceId,
      instance: uuidV7(0, random.bytes(10)),
      appVersion: 'simulation',
      stores,
      transport,
      tokens,
      clock,
      timers,
      random,
      log,
      tuning: { ...defaultTuning, ...this.#options.tuning },
      visibleConversations: () => this.visible,
      listener: {
        stateChanged: () => undefined,
        progressed: () => undefined,
        contacted: () => undefined,
        timeLearned: () => deadlines.check(),
        volatile: () => undefined,
        committed: (logId: string, _events: readonly Envelope[]) => void this.dirty.add(logId),
        signInNeeded: () => undefined,
        serverRestored: () => {
          this.serverRestores += 1;
        },
        setHistory: () => undefined,
      },
    });
    const deadlines = new Deadlines({
      stores,
      timers,
      nowMs: () => engine.steadyNowMs(),
      serverNowMs: () => engine.serverNowMs(),
      removed: () => undefined,
    });
    this.#process = Object.assign(process, { stores, engine, deadlines });
    this.restarts += 1;
    this.isTouched = true;
    for (const log of stores.reader.logs()) this.dirty.add(log.id);
    deadlines.check();
    engine.dispatch({ type: 'signedIn' });
  }

  /** The next crash strikes right after this commit. */
  crashAt(point: CrashPoint): void {
    this.#crashAt = point;
  }

  /** Dies now, wherever it is. */
  kill(): void {
    if (this.#process && !this.#image) this.#image = this.#readImage();
  }

  /** Keeps today's cache.db, to be what an un-fsynced loss goes back to. */
  remember(): void {
    if (this.#process && !this.#image) this.#earlier = this.#readImage();
  }

  /** Buries a crashed process; `losesCache` puts an earlier cache.db in place. */
  bury(losesCache: boolean): void {
    const image = this.#image;
    const process = this.#process;
    if (!image || !process) return;
    process.isAlive = false;
    process.deadlines.stop();
    process.engine.stop();
    process.stores.close();
    this.#process = undefined;
    this.#image = undefined;
    this.#crashAt = 'none';
    const cache = losesCache && this.#earlier ? this.#earlier : image;
    for (const name of FILES) {
      const path = join(this.#options.dir, name);
      rmSync(path, { force: true });
      const bytes = (name.startsWith('cache') ? cache : image).get(name);
      if (bytes) writeFileSync(path, bytes);
    }
  }

  /** Ends cleanly, at the end of a simulation. */
  stop(): void {
    const process = this.#process;
    if (!process) return;
    process.isAlive = false;
    process.deadlines.stop();
    process.engine.stop();
    process.stores.close();
    this.#process = undefined;
  }

  /** Composes an op, as an intent would. False when the device is down or the disk is full: nothing was composed. */
  compose(op: Op, options: EnqueueOptions = {}): boolean {
    const process = this.#process;
    if (!process || this.#image) return false;
    try {
      process.stores.outbox.enqueue(op, process.engine.steadyNowMs(), options);
    } catch {
      // Disk full: the person was told, and the text is still in the composer.
      return false;
    }
    if (op.kind === 'message.send')
      this.composed.push({
        op,
        deviceId: this.deviceId,
        isCancelled: false,
        isDeleted: false,
        isDecided: false,
      });
    if (this.#image === undefined) {
      if (options.dropAtMs !== undefined) process.deadlines.expireOps();
      process.engine.kick();
    }
    return true;
  }

  /** A full disk, as SQLite sees it: neither file may grow beyond this many pages; 0 lifts it. */
  limitPages(pages: number): void {
    const process = this.#process;
    if (!process || this.#image) return;
    this.isDiskLimited = pages !== 0;
    for (const db of [process.stores.cacheDb, process.stores.outboxDb]) {
      const used = Number(db.pragma('page_count', { simple: true }));
      db.pragma(`max_page_count = ${pages === 0 ? 1_073_741_823 : used + pages}`);
    }
  }

  /** After each commit that matters the process may end: what follows in the same turn never happened. */
  #plant(stores: AccountStores): void {
    const { outbox } = stores;
    const strike = (point: CrashPoint): void => {
      if (this.#crashAt === point && this.#image === undefined) this.#image = this.#readImage();
    };
    const plant = <K extends 'enqueue' | 'nextBatch' | 'settle' | 'markAmbiguous'>(name: K): void => {
      const original = outbox[name].bind(outbox) as (...args: unknown[]) => unknown;
      Object.assign(outbox, {
        [name]: (...args: unknown[]): unknown => {
          const result = original(...args);
          strike(name);
          return result;
        },
      });
    };
    plant('enqueue');
    plant('nextBatch');
    plant('settle');
    plant('markAmbiguous');
    // Before, not after: the cache has committed, the outbox has not heard of it.
    const markApplied = outbox.markApplied.bind(outbox);
    Object.assign(outbox, {
      markApplied: (applied: Parameters<typeof markApplied>[0]): void => {
        strike('markApplied');
        markApplied(applied);
      },
    });
  }

  #readImage(): Image {
    const image = new Map<FileName, Buffer>();
    for (const name of FILES) {
      const path = join(this.#options.dir, name);
      if (existsSync(path)) image.set(name, readFileSync(path));
    }
    return image;
  }
}
