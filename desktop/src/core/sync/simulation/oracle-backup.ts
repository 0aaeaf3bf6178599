/** Backups of the oracle's logs, and going back to one. Owns what a restored log is: shorter, with its former members. */
import { trimTo } from './oracle-clock.ts';
import { applyToMembers } from './oracle-members.ts';
import type { OracleLog, Watermark } from './oracle-types.ts';

/** What a backup keeps of a log; the rest is folded from its events again. */
export interface SavedLog {
  readonly id: string;
  readonly head: number;
  readonly floorSeq: number;
  readonly watermarks: readonly [string, Watermark][];
}

/** A backup of these logs. */
export function saveLogs(logs: Iterable<OracleLog>): string {
  const saved = [...logs].map(({ id, events, floorSeq, watermarks }) => ({
    id,
    head: events.length,
    floorSeq,
    watermarks: [...watermarks],
  }));
  return JSON.stringify(saved);
}

/** Puts a log back to where it was. What was scrubbed since has its text again. */
export function rewind(log: OracleLog, { head, floorSeq, watermarks }: SavedLog): void {
  log.events.length = head;
  if (log.kind === 'conversation') log.standings.clear();
  for (const event of log.events) {
    event.payload = event.original;
    if (log.kind === 'conversation') applyToMembers(log, event);
  }
  for (const event of log.events) {
    if (event.type === 'message:deleted') scrub(log, String(event.original['messageId']));
  }
  trimTo(log, floorSeq);
  log.memberVersion = log.events.at(-1)?.memberVersion ?? 0;
  log.watermarks.clear();
  for (const [userId, mark] of watermarks) log.watermarks.set(userId, mark);
}

/** A deleted message's text leaves every event that carried it. */
export function scrub(log: OracleLog, messageId: string): void {
  for (const event of log.events) {
    if (event.payload?.['messageId'] === messageId && event.type !== 'message:deleted') event.payload = null;
  }
}
