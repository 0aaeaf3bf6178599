/**
 * The rounds of the oracle: disappearing messages are deleted, what is kept no longer is removed, what is scheduled is
 * sent. Owns that each happens once, however often a round is cut off, and that what cannot be sent stays with its author.
 */
import { DAY_MS, dueOf, expiredOf, overdueOf, sendOpOf, trimTo } from './oracle-clock.ts';
import { state } from './oracle-reads.ts';
import type { Json, OracleLog, OraclePush } from './oracle-types.ts';

/** How the rounds write. */
export interface RoundsDeps {
  readonly orgId: string;
  readonly logs: ReadonlyMap<string, OracleLog>;
  nowMs(): number;
  /** Appends an event that no device asked for. */
  append(log: OracleLog, type: string, actorId: string, payload: Json): OraclePush[];
  /** Commits an op in somebody's name; why not, if it was refused. */
  commit(userId: string, op: Json, pushes: OraclePush[]): string | undefined;
  /** Heads show this log again. */
  touch(log: OracleLog): void;
}

/** See the file comment. */
export class OracleRounds {
  readonly #deps: RoundsDeps;

  constructor(deps: RoundsDeps) {
    this.#deps = deps;
  }

  /** The organisation keeps messages for so long from now on; null: for ever. */
  setRetention(retentionDays: number | null): readonly OraclePush[] {
    const org = this.#deps.logs.get(this.#deps.orgId);
    const payload = { key: `policy:${this.#deps.orgId}`, value: { retentionDays } };
    return org ? this.#deps.append(org, 'org:updated', membersFirst(org), payload) : [];
  }

  /** Deletes what has to disappear, as if its author had. */
  deleteExpired(): readonly OraclePush[] {
    return this.#conversations().flatMap((log) =>
      expiredOf(log, this.#deps.nowMs()).flatMap(({ id: messageId, senderId, threadRootId }) =>
        this.#deps.append(log, 'message:deleted', senderId, { messageId, threadRootId, expired: true }),
      ),
    );
  }

  /** Removes what is older than the organisation keeps. Nobody is told: heads say it. */
  trim(): void {
    const org = this.#deps.logs.get(this.#deps.orgId);
    const policy = org && entriesOf(org).get(`policy:${this.#deps.orgId}`);
    const days = (policy as { retentionDays: number | null } | undefined)?.retentionDays ?? null;
    if (days === null) return;
    for (const log of this.#conversations()) {
      const floor = overdueOf(log, this.#deps.nowMs() - days * DAY_MS);
      if (floor <= log.floorSeq) continue;
      trimTo(log, floor);
      this.#deps.touch(log);
    }
  }

  /** Sends what is due. `isCut`: the server dies between a message and the note that it was sent. */
  sendScheduled(isCut: () => boolean): readonly OraclePush[] {
    const pushes: OraclePush[] = [];
    for (const log of this.#deps.logs.values()) {
      if (log.kind !== 'account') continue;
      for (const due of dueOf(entriesOf(log), this.#deps.nowMs())) {
        const code = this.#deps.commit(log.id, sendOpOf(due), pushes);
        if (isCut()) return pushes;
        const value = code === undefined ? null : { ...due.value, refused: code };
        const payload = { key: `scheduled:${due.messageId}`, value };
        pushes.push(...this.#deps.append(log, 'account:updated', log.id, payload));
      }
    }
    return pushes;
  }

  #conversations(): readonly OracleLog[] {
    return [...this.#deps.logs.values()].filter((log) => log.kind === 'conversation');
  }
}

function entriesOf(log: OracleLog): ReadonlyMap<string, unknown> {
  const { entries } = state(log) as { entries: { key: string; value: unknown }[] };
  return new Map(entries.map(({ key, value }) => [key, value]));
}

function membersFirst(log: OracleLog): string {
  return [...log.standings.keys()][0] ?? log.id;
}
