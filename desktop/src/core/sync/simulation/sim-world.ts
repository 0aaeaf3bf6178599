/**
 * One simulation from one seed: people who write on several devices while everything fails, then a healed world that must
 * converge. Owns what people do, which faults strike when, and the two phases: safety at every step, then liveness
 * within 120 simulated seconds.
 */
import { missingFrom } from '@curlew/shared/lib/intervals.ts';
import { OP_VERSION, type Op } from '@curlew/shared/protocol/ops.ts';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import { Oracle } from './oracle.ts';
import { Scheduler, randomFrom } from './scheduler.ts';
import { checkOutcome, checkSafety, findDifference, type SeenRevisions } from './sim-checks.ts';
import { totalWeight, weights, type Action, type ActionKind } from './sim-actions.ts';
import { furnish, idOf, WALL_START_MS } from './sim-furniture.ts';
import { crashPoints, SimDevice } from './sim-device.ts';
import { SimNetwork } from './sim-network.ts';

/** After the faults stop, everything must agree within this time. */
export const LIVENESS_MS = 120_000;
const changes = ['networkUp', 'networkDown', 'resumed', 'focused'] as const;
const TEN_YEARS_MS = 10 * 365 * 24 * 3_600_000;

/** What a run did. */
export interface SimResult {
  readonly steps: number;
  readonly traceHash: string;
  readonly composed: number;
  readonly committed: number;
}

/** What a run is made of; defaults are those of the seeds in `npm test`. */
export interface SimOptions {
  readonly seed: number;
  readonly dir: string;
  readonly actions?: number;
  /** Restores the server from a backup in the middle. */
  readonly restores?: boolean;
  /** What happens, instead of something at random; the network then starts without faults. */
  readonly script?: readonly Action[];
  /** No push ever arrives. */
  readonly losesPushes?: boolean;
}

/** Runs one seed to its end; throws what does not hold, naming the seed. */
export async function simulate(options: SimOptions): Promise<SimResult> {
  const world = new World(options);
  try {
    return await world.run();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`CURLEW_SEED=${options.seed} at ${world.nowMs} ms: ${message}`, { cause });
  } finally {
    world.stop();
  }
}

class World {
  readonly #options: SimOptions;
  readonly #scheduler: Scheduler;
  readonly #oracle: Oracle;
  readonly #network: SimNetwork;
  readonly #devices: SimDevice[] = [];
  readonly #users: readonly string[];
  readonly #seen = new Map<SimDevice, SeenRevisions>();
  #texts = 0;
  #backup: string | undefined;
  #isTimeTravel = false;

  constructor(options: SimOptions) {
    this.#options = options;
    this.#scheduler = new Scheduler(options.seed);
    const scheduler = this.#scheduler;
    this.#users = ['a', 'b', 'c'].slice(0, scheduler.between(2, 3)).map((name) => idOf(`user ${name}`));
    this.#oracle = new Oracle(idOf('org'), this.#users, () => WALL_START_MS + scheduler.nowMs);
    this.#network = new SimNetwork(scheduler, this.#oracle);
    this.#network.losesPushes = options.losesPushes === true;
    if (scheduler.chance(0.6)) furnish(this.#oracle, this.#users, scheduler);
    for (const userId of this.#users) {
      const count = scheduler.chance(0.5) ? 2 : 1;
      for (let n = 0; n < count; n += 1) this.#addDevice(userId, n);
    }
  }

  get nowMs(): number {
    return this.#scheduler.nowMs;
  }

  async run(): Promise<SimResult> {
    for (const device of this.#devices) device.start();
    if (this.#options.script) await this.#play(this.#options.script);
    else await this.#improvise(this.#options.actions ?? 40);
    await this.#converge();
    checkOutcome(this.#devices, this.#oracle);
    const all = this.#devices.flatMap((device) => device.composed);
    return {
      steps: this.#scheduler.steps,
      traceHash: this.#scheduler.traceHash(),
      composed: all.length,
      committed: all.filter(({ op }) => this.#oracle.commits(op.opId) === 1).length,
    };
  }

  async #play(script: readonly Action[]): Promise<void> {
    for (const { kind, device: index, waitMs } of script) {
      const device = this.#devices[index % this.#devices.length];
      if (device) this.#perform(device, kind);
      await this.#runFor(waitMs);
    }
  }

  async #improvise(actions: number): Promise<void> {
    this.#strike();
    for (let done = 0; done < actions; done += 1) {
      this.#act();
      await this.#runFor(this.#scheduler.between(0, 2_500));
    }
  }

  stop(): void {
    for (const device of this.#devices) device.stop();
  }

  #addDevice(userId: string, n: number): void {
    const deviceId = idOf(`device ${userId} ${n}`);
    const device = new SimDevice({
      userId,
      deviceId,
      dir: `${this.#options.dir}/${deviceId}`,
      scheduler: this.#scheduler,
      network: this.#network,
      // Small numbers make windows, holes and back-fill happen in short lives.
      tuning: { pullLimitEvents: 12, firstSyncMessages: 3, windowMessages: 4, backFillDelayMs: 3_000 },
    });
    this.#devices.push(device);
    this.#seen.set(device, { restarts: 0, revisions: new Map(), reads: new Map() });
  }

  /** A new weather for the network. */
  #strike(): void {
    const { unit } = this.#scheduler;
    this.#network.faults = {
      drop: unit() * 0.15,
      duplicate: unit() * 0.1,
      cut: unit() * 0.05,
      maxDelayMs: this.#scheduler.between(20, 900),
      busy: unit() * 0.08,
    };
  }

  /** Something at random happens to a random device. */
  #act(): void {
    const device = this.#scheduler.pick(this.#devices);
    if (!device) return;
    if (!device.running) {
      if (this.#scheduler.chance(0.7)) device.start();
      return;
    }
    let roll = this.#scheduler.unit() * totalWeight;
    const [kind] = weights.find(([, weight]) => (roll -= weight) < 0) ?? ['send'];
    this.#perform(device, kind);
  }

  #perform(device: SimDevice, kind: ActionKind): void {
    const pick = <T>(items: readonly T[]): T | undefined => this.#scheduler.pick(items);
    switch (kind) {
      case 'send':
        return this.#send(device);
      case 'react':
      case 'edit':
      case 'delete':
        return this.#change(device, kind);
      case 'read':
        return this.#read(device);
      case 'scrollBack':
        return this.#scrollBack(device);
      case 'setEntry':
        return this.#setEntry(device);
      case 'offline':
      case 'online':
        return this.#network.setOnline(device.deviceId, kind === 'online');
      case 'environment':
        return device.running?.engine.dispatch({ type: pick(changes) ?? 'focused' });
      case 'crashSoon':
        return device.crashAt(pick(crashPoints) ?? 'settle');
      case 'kill':
        return device.kill();
      case 'start':
        return device.running ? undefined : device.start();
      case 'remember':
        return device.remember();
      case 'serverCrash':
        return this.#network.crashServer(this.#scheduler.between(10, 8_000));
      case 'weather':
        return this.#strike();
      case 'diskFull':
        return device.limitPages(this.#scheduler.between(1, 3));
      case 'diskFree':
        return device.limitPages(0);
      case 'clockJump':
        device.wallSkewMs = Math.floor((this.#scheduler.unit() * 2 - 1) * TEN_YEARS_MS);
        return;
      case 'travel':
        return this.#travel();
    }
  }

  /** A backup is made, and later put back: everything since is gone on the server. */
  #travel(): void {
    if (this.#options.restores !== true) return;
    if (this.#backup === undefined) {
      this.#backup = this.#oracle.save();
      return;
    }
    this.#network.crashServer(2_000);
    this.#oracle.restore(this.#backup);
    this.#backup = undefined;
    this.#isTimeTravel = true;
  }

  #send(device: SimDevice): void {
    const logId = this.#conversation(device);
    if (logId === undefined) return;
    const op: Op = {
      ...this.#op(logId),
      kind: 'message.send',
      text: `text ${(this.#texts += 1)}`,
      replyTo: null,
      composedAt: WALL_START_MS + this.#scheduler.nowMs,
    };
    device.compose(op);
  }

  /** A conversation the device knows, or a new one with somebody, also offline and also when both create it. */
  #conversation(device: SimDevice): string | undefined {
    const outbox = device.running?.stores.outbox;
    if (!outbox) return undefined;
    const known = device.running.stores.reader.logs().filter((log) => log.kind === 'conversation');
    const pending = outbox
      .items()
      .filter((item) => item.op.kind === 'conversation.create' && item.state !== 'REJECTED');
    const ids = [...known.map((log) => log.id), ...pending.map((item) => outbox.aliasOf(item.op.logId))];
    const peerId = this.#scheduler.pick(this.#users.filter((id) => id !== device.userId));
    if (ids.length > 0 && (this.#scheduler.chance(0.85) || peerId === undefined))
      return this.#scheduler.pick(ids);
    if (
      peerId === undefined ||
      pending.some(({ op }) => op.kind === 'conversation.create' && op.peerId === peerId)
    ) {
      return this.#scheduler.pick(ids);
    }
    const logId = this.#newId();
    const op: Op = {
      ...this.#op(logId),
      kind: 'conversation.create',
      orgId: this.#oracle.orgId,
      conversationKind: 'direct',
      protection: 'server',
      peerId,
    };
    return device.compose(op) ? logId : undefined;
  }

  /** An edit, a delete or a reaction, of what is cached or of what still waits. */
  #change(device: SimDevice, kind: 'react' | 'edit' | 'delete'): void {
    const stores = device.running?.stores;
    if (!stores) return;
    const cached = stores.cacheDb
      .prepare<[], { id: string; logId: string; senderId: string }>(
        'SELECT id, conversation_id AS logId, sender_id AS senderId FROM message WHERE deleted_at IS NULL ORDER BY id',
      )
      .all();
    const waiting = stores.outbox
      .items()
      .flatMap((item) =>
        item.op.kind === 'message.send' && item.state !== 'REJECTED' && item.state !== 'CANCELLED'
          ? [{ id: item.opId, logId: item.op.logId, senderId: device.userId }]
          : [],
      );
    const all = [...cached, ...waiting];
    const own = all.filter((message) => message.senderId === device.userId);
    const target = this.#scheduler.pick(kind === 'react' ? all : own);
    if (!target) return;
    const base = this.#op(target.logId);
    if (kind === 'react') {
      const emoji = this.#scheduler.pick(['👍', '🎉']) ?? '👍';
      device.compose({
        ...base,
        kind: 'reaction.set',
        messageId: target.id,
        emoji,
        on: this.#scheduler.chance(0.7),
      });
    } else if (kind === 'edit') {
      const text = `text ${(this.#texts += 1)} edited`;
      device.compose({ ...base, kind: 'message.edit', messageId: target.id, text, baseRevSeq: 0 });
    } else if (device.compose({ ...base, kind: 'message.delete', messageId: target.id })) {
      // Never attempted: it is taken back here, and nobody will ever see it.
      const isGone = !stores.outbox.items().some((item) => item.opId === target.id);
      for (const composed of this.#devices.flatMap((it) => it.composed)) {
        if (composed.op.opId !== target.id) continue;
        composed.isDeleted = true;
        composed.isCancelled ||= isGone;
      }
    }
  }

  #read(device: SimDevice): void {
    const stores = device.running?.stores;
    const log = this.#scheduler.pick(
      stores?.reader.logs().filter((it) => it.kind === 'conversation' && it.tail > 0) ?? [],
    );
    if (!log || device.hasCrashed) return;
    try {
      stores?.outbox.raiseWatermark('read.set', log.id, log.tail);
    } catch {
      // Disk full: the next message that is read raises it again.
    }
    device.running?.engine.kick();
  }

  /** Somebody scrolls to where the history is not here. */
  #scrollBack(device: SimDevice): void {
    const logs = device.running?.stores.reader.logs() ?? [];
    const holes = logs.flatMap((log) =>
      log.kind === 'conversation'
        ? missingFrom(log.coverage, { lo: 1, hi: log.tail }).map(({ hi }) => ({ id: log.id, hi }))
        : [],
    );
    const hole = this.#scheduler.pick(holes);
    if (hole && !device.hasCrashed)
      device.running?.engine.wantHistory(hole.id, { kind: 'before', hi: hole.hi });
  }

  #setEntry(device: SimDevice): void {
    const logId = this.#conversation(device);
    if (logId === undefined) return;
    const value = this.#scheduler.chance(0.7) ? { rank: this.#scheduler.between(0, 9) } : null;
    device.compose({ ...this.#op(device.userId), kind: 'account.set', key: `pin:${logId}`, value });
  }

  #op(logId: string): { opId: string; v: typeof OP_VERSION; logId: string } {
    return { opId: this.#newId(), v: OP_VERSION, logId };
  }

  #newId(): string {
    return uuidV7(WALL_START_MS, randomFrom(this.#scheduler.unit).bytes(10));
  }

  /** Runs for a while; each step is followed by the safety checks of every device something happened to. */
  async #runFor(durationMs: number): Promise<void> {
    const untilMs = this.#scheduler.nowMs + durationMs;
    while ((await this.#scheduler.step(untilMs)) !== undefined) this.#afterStep();
    this.#afterStep();
  }

  #afterStep(): void {
    for (const device of this.#devices) {
      if (device.hasCrashed) device.bury(this.#scheduler.chance(0.5));
      const seen = this.#seen.get(device);
      if (seen) checkSafety(device, this.#oracle, seen, this.#isTimeTravel);
    }
  }

  /** Everything works, nothing new happens: all devices must agree with the server in time. */
  async #converge(): Promise<void> {
    this.#network.heal();
    for (const device of this.#devices) {
      device.crashAt('none');
      if (!device.running) device.start();
      device.limitPages(0);
    }
    const deadlineMs = this.#scheduler.nowMs + LIVENESS_MS;
    let difference: string | undefined = 'nothing was compared';
    while (difference !== undefined && this.#scheduler.nowMs < deadlineMs) {
      this.#decide();
      await this.#runFor(2_000);
      difference = this.#devices
        .map((device) => findDifference(device, this.#oracle))
        .find((it) => it !== undefined);
    }
    if (difference !== undefined)
      throw new Error(`I17: not converged after ${LIVENESS_MS} ms: ${difference}`);
    this.#isTimeTravel = false;
    this.#afterStep();
  }

  /** People answer what waits for them: "Send now?" and "Try again". */
  #decide(): void {
    for (const { running, composed } of this.#devices) {
      if (!running) continue;
      for (const item of running.stores.outbox.items()) {
        if (item.state !== 'PARKED' && item.state !== 'STALLED') continue;
        for (const it of composed) if (it.op.opId === item.opId) it.isDecided = true;
        if (item.state === 'PARKED') running.stores.outbox.sendNow(item.opId);
        if (item.state === 'STALLED') running.stores.outbox.retry(item.opId);
      }
      running.engine.kick();
    }
  }
}
