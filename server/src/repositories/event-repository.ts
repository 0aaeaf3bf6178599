/** Reads of the log itself: pages of events, single positions, and what became of an op. */
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { Pool } from 'pg';

/** A log's counter row. */
export interface LogRow {
  readonly id: string;
  readonly kind: 'conversation' | 'account' | 'org';
  readonly head: number;
  readonly chain: string;
  readonly floorSeq: number;
  readonly memberVersion: number;
}

/** An event with the position of the message it is about. */
export interface StoredEvent {
  readonly envelope: Envelope;
  readonly targetSeq: number | null;
}

/** A committed op's event. */
export interface CommittedOp {
  readonly opId: string;
  readonly logId: string;
  readonly seq: number;
  readonly at: number;
  readonly chain: string;
  readonly opHash: string;
}

/** Most bytes of payload in one page, as PostgreSQL stores them; a page of long messages is cut short. */
const PAGE_PAYLOAD_BYTES = 4_000_000;

/** A log's counter row; undefined when there is no such log. */
export async function findLog(pool: Pool, id: string): Promise<LogRow | undefined> {
  const { rows } = await pool.query<LogRow>({
    name: 'log',
    text: `
      SELECT id, kind, head, encode(chain, 'hex') AS chain, floor_seq AS "floorSeq", member_version AS "memberVersion"
      FROM log WHERE id = $1`,
    values: [id],
  });
  return rows[0];
}

/** An event as its envelope has it, but for the log's id. */
const envelopeColumns = `
  seq, type, actor_id AS "actorId", op_id AS "opId", encode(op_hash, 'hex') AS "opHash", at_ms AS at, payload,
  encode(chain, 'hex') AS chain, member_version AS "memberVersion"`;

/** The statement behind {@link readEvents}; exported for the test that explains it. */
export const eventsQuery = `
  SELECT seq, type, "actorId", "opId", "opHash", at, payload, chain, "memberVersion", "targetSeq" FROM (
    SELECT event.seq, event.type, event.actor_id AS "actorId", event.op_id AS "opId", encode(event.op_hash, 'hex') AS "opHash",
      event.at_ms AS at, event.payload, encode(event.chain, 'hex') AS chain, event.member_version AS "memberVersion",
      event.target_seq AS "targetSeq",
      sum(coalesce(pg_column_size(event.payload), 0)) OVER (ORDER BY event.seq ROWS UNBOUNDED PRECEDING) AS bytes
    FROM event WHERE event.log_id = $1 AND event.seq > $2 AND event.seq <= $3
    ORDER BY event.seq LIMIT $4
  ) page WHERE bytes <= $5 OR seq = $2 + 1 ORDER BY page.seq`;

/** Events of a log with `after` < seq ≤ `upTo`, ascending, at most `limit` and no more than a page's worth of bytes. */
export async function readEvents(
  pool: Pool,
  logId: string,
  range: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<readonly StoredEvent[]> {
  const { rows } = await pool.query<Omit<Envelope, 'logId'> & { targetSeq: number | null }>({
    name: 'events',
    text: eventsQuery,
    values: [logId, range.after, range.upTo, range.limit, PAGE_PAYLOAD_BYTES],
  });
  return rows.map(({ targetSeq, ...envelope }) => ({ envelope: { logId, ...envelope }, targetSeq }));
}

/** Events about one message with seq ≤ `upTo`, its creation included, ascending. */
export async function readEventsAbout(
  pool: Pool,
  logId: string,
  createSeq: number,
  upTo: number,
): Promise<readonly Envelope[]> {
  const { rows } = await pool.query<Omit<Envelope, 'logId'>>(
    `SELECT ${envelopeColumns}
     FROM event WHERE log_id = $1 AND seq >= $2 AND seq <= $3 AND target_seq = $2 ORDER BY event.seq`,
    [logId, createSeq, upTo],
  );
  return rows.map((row) => ({ logId, ...row }));
}

/** The events that made a conversation's settings and members, up to a position. */
export async function readSettingsEvents(
  pool: Pool,
  logId: string,
  upTo: number,
): Promise<readonly Envelope[]> {
  const { rows } = await pool.query<Omit<Envelope, 'logId'>>(
    `SELECT ${envelopeColumns}
     FROM event WHERE log_id = $1 AND seq <= $2 AND target_seq IS NULL ORDER BY event.seq`,
    [logId, upTo],
  );
  return rows.map((row) => ({ logId, ...row }));
}

/** The chain after a position; undefined when the log is not that long. Position 0 is the empty log. */
export async function chainAt(pool: Pool, logId: string, seq: number): Promise<string | undefined> {
  if (seq === 0) return '0000000000000000';
  const { rows } = await pool.query<{ chain: string }>({
    name: 'chain_at',
    text: `SELECT encode(chain, 'hex') AS chain FROM event WHERE log_id = $1 AND seq = $2`,
    values: [logId, seq],
  });
  return rows[0]?.chain;
}

/** The chains at several positions of several logs, in the order asked; undefined where a log is not that long. */
export async function chainsAt(
  pool: Pool,
  positions: readonly { readonly logId: string; readonly seq: number }[],
): Promise<readonly (string | undefined)[]> {
  const { rows } = await pool.query<{ i: number; chain: string }>({
    name: 'chains_at',
    text: `
      SELECT u.i, encode(e.chain, 'hex') AS chain
      FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS u(log_id, seq, i)
      JOIN event e ON e.log_id = u.log_id AND e.seq = u.seq`,
    values: [positions.map((it) => it.logId), positions.map((it) => it.seq)],
  });
  const chains: (string | undefined)[] = positions.map(() => undefined);
  for (const { i, chain } of rows) chains[i - 1] = chain;
  return chains;
}

/** Which of these ops of a person are committed, and where. */
export async function findCommitted(
  pool: Pool,
  actorId: string,
  opIds: readonly string[],
): Promise<readonly CommittedOp[]> {
  const { rows } = await pool.query<CommittedOp>({
    name: 'committed',
    text: `
      SELECT op_id AS "opId", log_id AS "logId", seq, at_ms AS at, encode(chain, 'hex') AS chain,
        encode(op_hash, 'hex') AS "opHash"
      FROM event WHERE actor_id = $1 AND op_id = ANY ($2::uuid[])`,
    values: [actorId, opIds],
  });
  return rows;
}
