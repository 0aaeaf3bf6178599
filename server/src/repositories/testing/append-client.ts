/** Calls `curlew_append` on one connection, inside whatever transaction it is in; for tests of the function itself. */
import { opHashOf } from '@curlew/shared/lib/chain.ts';
import type { ClientBase } from 'pg';

/** A row of `curlew_append`'s answer, as far as tests look at it. */
export interface AppendAnswer {
  readonly code: string;
  readonly duplicate: boolean;
  readonly seq: number | null;
  readonly chain: string | null;
  readonly member_version: number;
}

/** Sends one message as the server's own op. */
export async function appendSend(
  client: ClientBase,
  logId: string,
  actor: string,
  opId: string,
): Promise<AppendAnswer | undefined> {
  const body = { messageId: opId, text: 'text', replyTo: null, composedAt: 1 };
  const hash = opHashOf({ opId, logId, ...body });
  const ops = [{ i: 0, log: logId, actor, op: opId, hash, kind: 'message.send', sys: true, body }];
  const { rows } = await client.query<AppendAnswer>('SELECT * FROM curlew_append($1, $2, $3, false, false)', [
    JSON.stringify(ops),
    [logId],
    [],
  ]);
  return rows[0];
}

/**
 * Plants a bug: numbers come from a sequence instead of the locked counter row, so that they become visible out of
 * order. The suite that guards the order of a log must turn red on it.
 */
export async function plantNextval(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ source: string }>(
    `SELECT pg_get_functiondef('curlew_append(jsonb,uuid[],uuid[],boolean,boolean)'::regprocedure) AS source`,
  );
  const source = rows[0]?.source ?? '';
  const planted = source
    .replace('FROM log WHERE id = ANY (p_logs) ORDER BY id FOR UPDATE', 'FROM log WHERE id = ANY (p_logs)')
    .replace('v_head := v_head + 1;', `v_head := nextval('planted_seq');`)
    .replace('SET head = u.head', 'SET head = greatest(log.head, u.head)');
  if (planted.split('planted_seq').length !== 2 || planted.includes('FOR UPDATE'))
    throw new Error('the plant no longer fits');
  await client.query('CREATE SEQUENCE planted_seq START 2');
  await client.query(planted);
}
