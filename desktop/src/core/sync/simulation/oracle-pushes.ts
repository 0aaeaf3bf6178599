/** Who is sent what of a new event: its content to those who may see it, hints to those whose list it changes. */
import { membersOf, readableBy } from './oracle-members.ts';
import { wireOf } from './oracle-reads.ts';
import type { OracleEvent, OracleLog, OraclePush } from './oracle-types.ts';

/** To those who may see it now, each with as much of it as they may see; and hints to whose list it changed. */
export function pushesOf(log: OracleLog, event: OracleEvent): OraclePush[] {
  const pushes: OraclePush[] = [];
  for (const userId of membersOf(log)) {
    const readable = readableBy(log, userId);
    if (readable?.sees(event.seq))
      pushes.push({ userIds: [userId], name: event.type, payload: wireOf(readable, event) });
  }
  const { userId, members } = event.original as { userId?: string; members?: { userId: string }[] };
  const hint = (kind: string, userIds: readonly string[]): void =>
    void pushes.push({ userIds, name: 'user:changed', payload: { kind }, isHint: true });
  if (members)
    hint(
      'conversation_added',
      members.map((member) => member.userId),
    );
  if (userId !== undefined && event.type === 'member:joined') hint('conversation_added', [userId]);
  if (userId !== undefined && event.type === 'member:left') hint('conversation_removed', [userId]);
  return pushes;
}
