/**
 * What follows from coming to an organisation, moving in it and leaving it: conversations end, announcements begin and
 * end. Owns that it follows: at once in the common case, and by a repair when the
 * database was busy or away in that moment: soon after a failure, at the start, and every so often without a failure
 * known here (another process may have died in between).
 */
import { parseEntryKey } from '@curlew/shared/domain/entries.ts';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { FanOut, RepairListener } from './service-types.ts';
import type { Consequences, SystemOps } from './system-ops.ts';

/** How soon what failed is tried again. */
const RETRY_MS = 2_000;
/** How often stranded memberships are looked for without a known failure. */
const ROUND_MS = 60_000;

type OrgConsequences = Pick<
  SystemOps,
  'leaveConversations' | 'returnToConversations' | 'followAudiences' | 'repair'
>;

/** See the file's head. */
export class ConsequenceService {
  readonly #system: OrgConsequences;
  #listener: RepairListener | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(system: OrgConsequences) {
    this.#system = system;
  }

  /** Carries out what follows from these commits, as far as it can now. Never throws: the ops are committed. */
  async follow(committed: readonly FanOut[]): Promise<readonly FanOut[]> {
    const fanOut: FanOut[] = [];
    const add = ({ fanOut: plans, isComplete }: Consequences): void => {
      fanOut.push(...plans);
      if (!isComplete) this.#schedule(RETRY_MS);
    };
    for (const { kind, logId, added, removed, events } of committed) {
      if (kind !== 'org') continue;
      for (const userId of removed)
        add(await this.#system.leaveConversations(logId, userId).catch(this.#failed));
      // Before the audiences: whoever ran an announcement comes back as that, not as a reader.
      for (const userId of added)
        add(await this.#system.returnToConversations({ orgId: logId, userId }).catch(this.#failed));
      for (const moved of movedPeople(events))
        add(await this.#system.followAudiences(logId, moved).catch(this.#failed));
    }
    return fanOut;
  }

  /** Repairs now, and from now on whenever it is due. */
  start(listener: RepairListener): void {
    this.#listener = listener;
    this.#schedule(0);
  }

  /** Ends the repairs; resolves when none runs any more. */
  async stop(): Promise<void> {
    this.#listener = undefined;
    clearTimeout(this.#timer);
    await this.#running;
  }

  readonly #failed = (error: unknown): Consequences => {
    this.#listener?.onFailure(error);
    return { fanOut: [], isComplete: false };
  };

  #schedule(afterMs: number): void {
    if (!this.#listener) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(() => this.#repair());
    }, afterMs);
    this.#timer.unref();
  }

  async #repair(): Promise<void> {
    const { fanOut, isComplete } = await this.#system.repair().catch(this.#failed);
    if (fanOut.length > 0) this.#listener?.send(fanOut);
    this.#schedule(isComplete ? ROUND_MS : RETRY_MS);
  }
}

/** Whose places changed; null: everybody's, since a site or unit did. */
function movedPeople(events: readonly Envelope[]): ReadonlySet<string | null> {
  const moved = new Set<string | null>();
  for (const { type, payload } of events) {
    const key = type === 'org:updated' ? parseEntryKey((payload as { key: string }).key) : undefined;
    if (key?.prefix === 'role' || key?.prefix === 'places') moved.add(key.id);
    if (key?.prefix === 'site' || key?.prefix === 'unit') moved.add(null);
  }
  return moved;
}
