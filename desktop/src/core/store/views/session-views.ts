/**
 * The views without rows of the log: session, connection, typing, devices. They show volatile facts and a few counts,
 * and are there before anybody is signed in.
 */
import type { ViewParams } from '../../../ipc/views.ts';
import type { AccountReads } from './account-reads.ts';
import { keyed, rowless, type LiveView } from './view.ts';
import type { VolatileState } from './volatile-state.ts';

/** Who is signed in, in the organisations they are in now. */
export function sessionView(volatile: VolatileState, reads: AccountReads | null): LiveView<'session'> {
  return {
    noteChange: (key) => key === 'session' || key === 'people',
    query() {
      const session = volatile.session();
      if (session.state !== 'active' || reads?.userId !== session.userId) return rowless(session);
      return rowless({ ...session, orgs: reads.ownOrgs(session.orgs) });
    },
  };
}

/** The connection chip, with the outbox's counts. */
export function connectionView(volatile: VolatileState, reads: AccountReads | null): LiveView<'connection'> {
  return {
    noteChange: (key) => key === 'connection' || key === 'outbox',
    query: () =>
      rowless({ ...volatile.connection(), ...(reads ? reads.outboxCounts() : { waiting: 0, failed: 0 }) }),
  };
}

/** Who types in a conversation. */
export function typingView(
  { conversationId }: ViewParams<'typing'>,
  volatile: VolatileState,
  reads: AccountReads | null,
): LiveView<'typing'> {
  const canonicalId = (): string => reads?.canonicalIdOf(conversationId) ?? conversationId;
  return {
    noteChange: (key) => key === `typing:${canonicalId()}` || key === `conversation:${conversationId}`,
    query() {
      const userIds = volatile.typing(canonicalId()).filter((id) => id !== reads?.userId);
      return rowless({ userIds, names: userIds.map((id) => reads?.people.nameOf(id) ?? '') });
    },
  };
}

/** What my devices share about me. A status and preferences change with the session, like all of the account itself. */
export function accountView(reads: AccountReads | null): LiveView<'account'> {
  return {
    noteChange: (key) => key === 'session',
    query: () =>
      rowless({
        status: reads?.entries.value('status', reads.userId) ?? null,
        preferences: reads?.entries.value('preferences', reads.userId) ?? {},
      }),
  };
}

/** My devices as last fetched. */
export function devicesView(volatile: VolatileState): LiveView<'devices'> {
  return {
    noteChange: (key) => key === 'devices',
    query() {
      const { devices, meta } = volatile.devices();
      return keyed(
        devices.map((device) => [device.id, device] as const),
        meta,
      );
    },
  };
}
