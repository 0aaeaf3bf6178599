/**
 * One simulation from one seed: people who write on several devices while everything fails, then a healed world that must
 * converge. Owns what people do, which faults strike when, and the two phases: safety at every step, then liveness
 * within 120 simulated seconds.
 */
import { Oracle } from './oracle.ts';
import { Scheduler } from './scheduler.ts';
import { checkOutcome, checkSafety, findDifference, type SeenRevisions } from './sim-checks.ts';
import { drawFrom, mixes, type Action, type ActionKind, type Weights } from './sim-actions.ts';
import { furnishGroup, furnishPair, idOf, WALL_START_MS, type WorldTime } from './sim-furniture.ts';
import { crashPoints, SimDevice } from './sim-device.ts';
import { actOnGroup } from './sim-groups.ts';
import { checkScreen, findPending } from './sim-lifetime-checks.ts';
import { actOnTime, changeRetention, nightOf, startRounds } from './sim-lifetime.ts';
import { SimNetwork } from './sim-network.ts';
import { holesOf, Messaging, type People } from './sim-people.ts';

/** After the faults stop, everything must agree within this time. */
export const LIVENESS_MS = 120_000;
const changes = ['networkUp', 'networkDown', 'resumed', 'focused'] as const;
/** What a world may be about; items and channels have seeds of their own. */
const drawn = ['everything', 'groups', 'lifetime'] as const;
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
  /** What the world is about; drawn by default. */
  readonly mix?: keyof typeof mixes;
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
  readonly #time: WorldTime = { passedMs: 0 };
  readonly #oracle: Oracle;
  readonly #network: SimNetwork;
  readonly #devices: SimDevice[] = [];
  readonly #users: readonly string[];
  readonly #messaging: Messaging;
  readonly #mix: Weights;
  readonly #seen = new Map<SimDevice, SeenRevisions>();
  #backup: string | undefined;
  #isTimeTravel = false;

  constructor(options: SimOptions) {
    this.#options = options;
    this.#scheduler = new Scheduler(options.seed);
    const scheduler = this.#scheduler;
    const count = scheduler.between(2, 4);
    this.#users = ['a', 'b', 'c', 'd'].slice(0, count).map((name) => idOf(`user ${name}`));
    this.#oracle = new Oracle(idOf('org'), this.#users, () => this.#nowOnServer());
    this.#network = new SimNetwork(scheduler, this.#oracle);
    this.#mix = mixes[options.mix ?? scheduler.pick(drawn) ?? 'everything'];
    this.#messaging = new Messaging(this.#people);
    this.#network.losesPushes = options.losesPushes === true;
    if (scheduler.chance(0.6)) furnishPair(this.#oracle, this.#users, scheduler, this.#time);
    if (scheduler.chance(0.8)) furnishGroup(this.#oracle, this.#users, scheduler, this.#time);
    this.#time.passedMs = 0;
    startRounds(scheduler, this.#oracle, this.#network);
    for (const userId of this.#users) {
      const count = scheduler.chance(0.5) ? 2 : 1;
      for (let n = 0; n < count; n += 1) this.#addDevice(userId, n);
    }
  }

  get #people(): People {
    const orgId = this.#oracle.orgId;
    return { scheduler: this.#scheduler, orgId, users: this.#users, devices: this.#devices };
  }

  #nowOnServer(): number {
    return WALL_START_MS + this.#scheduler.nowMs + this.#time.passedMs;
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
      passedMs: () => this.#time.passedMs,
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
    this.#perform(device, drawFrom(this.#mix, this.#scheduler.unit()));
  }

  #perform(device: SimDevice, kind: ActionKind): void {
    const pick = <T>(items: readonly T[]): T | undefined => this.#scheduler.pick(items);
    switch (kind) {
      case 'send':
        return this.#messaging.send(device);
      case 'react':
      case 'edit':
      case 'delete':
        return this.#messaging.change(device, kind);
      case 'read':
        return this.#messaging.read(device);
      case 'scrollBack':
        return this.#messaging.scrollBack(device);
      case 'setEntry':
        return this.#messaging.setEntry(device);
      case 'group':
      case 'add':
      case 'remove':
      case 'leave':
      case 'role':
      case 'rename':
      case 'pin':
      case 'close':
      case 'open':
      case 'status':
      case 'link':
      case 'announce':
        return actOnGroup(this.#people, this.#messaging, device, kind);
      case 'lifetime':
      case 'schedule':
      case 'reschedule':
      case 'sendDue':
      case 'unschedule':
      case 'toDraft':
        return actOnTime(this.#scheduler, this.#messaging, device, kind);
      case 'retention':
        return changeRetention(this.#scheduler, this.#oracle, this.#network);
      case 'night':
        return this.#sleep();
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

  /** Everybody's computer sleeps for a while, in which the server goes on; all of them wake up to the same morning. */
  #sleep(): void {
    this.#time.passedMs += nightOf(this.#scheduler);
    this.#network.cutAll();
    for (const { running } of this.#devices) running?.engine.dispatch({ type: 'resumed' });
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

  /** Runs for a while; each step is followed by the safety checks of every device something happened to. */
  async #runFor(durationMs: number): Promise<void> {
    const untilMs = this.#scheduler.nowMs + durationMs;
    while ((await this.#scheduler.step(untilMs)) !== undefined) this.#afterStep();
    this.#afterStep();
    for (const device of this.#devices) checkScreen(device, this.#nowOnServer());
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
      difference =
        findPending(this.#oracle, this.#nowOnServer()) ??
        this.#devices.map((device) => findDifference(device, this.#oracle)).find((it) => it !== undefined);
    }
    if (difference !== undefined)
      throw new Error(`I17: not converged after ${LIVENESS_MS} ms: ${difference}`);
    this.#isTimeTravel = false;
    this.#afterStep();
    await this.#scrollToTheStart();
  }

  /** Everybody scrolls through everything: no hole may stay, also not where a person was away (I10). */
  async #scrollToTheStart(): Promise<void> {
    const deadlineMs = this.#scheduler.nowMs + LIVENESS_MS;
    for (;;) {
      const waiting = this.#devices.flatMap((device) => {
        // What a restored server does not know any more, or not for this person, rests as it is.
        const holes = holesOf(device).filter(({ id }) => this.#oracle.readable(id, device.userId));
        const newest = new Map(holes.map((hole) => [hole.id, hole.hi]));
        for (const [id, hi] of newest) device.running?.engine.wantHistory(id, { kind: 'before', hi });
        return [...newest];
      });
      if (waiting.length === 0) return;
      if (this.#scheduler.nowMs > deadlineMs) throw new Error(`I10: ${waiting.join()} stays a hole`);
      await this.#runFor(500);
    }
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
