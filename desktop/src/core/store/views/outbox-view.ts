/**
 * The Outbox: everything that waits, failed or needs an answer. Owns the groups and which actions each row allows; the
 * outbox itself decides what an action does.
 */
import { z } from 'zod';
import { parseEntryKey, scheduledSchema } from '@curlew/shared/domain/entries.ts';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { Op, OpOf } from '@curlew/shared/protocol/ops.ts';
import type { OutboxRow } from '../../../ipc/writing.ts';
import type { OpState } from '../store-types.ts';
import type { AccountReads } from './account-reads.ts';
import { identityOf } from './conversation-row.ts';
import type { RawItem } from './outbox-reads.ts';
import { sendStateOf } from './overlay.ts';
import { keyed, type LiveView } from './view.ts';

/** The most rows shown; `total` says how many there are. */
export const OUTBOX_ROWS = 200;

const groups: Readonly<Record<OutboxRow['group'], readonly OpState[]>> = {
  attention: ['REJECTED', 'STALLED', 'PARKED', 'CANCELLED'],
  sending: ['IN_FLIGHT', 'AMBIGUOUS'],
  waiting: ['QUEUED', 'READY', 'BACKOFF', 'WAIT_DEPENDENCY', 'WAIT_ATTACHMENT'],
};
const groupNames = Object.keys(groups) as readonly OutboxRow['group'][];

/** Opens the Outbox. */
export function outboxView(reads: AccountReads | null): LiveView<'outbox'> {
  return {
    noteChange: (key) => key === 'outbox' || key === 'people',
    query() {
      if (!reads) return keyed([], { total: 0 });
      const rows = groupNames.flatMap((group) => rowsOf(group, reads)).slice(0, OUTBOX_ROWS);
      const total = Object.values(groups)
        .flat()
        .reduce((sum, state) => sum + reads.outbox.countIn(state), 0);
      return keyed(
        rows.map((row) => [row.opId, row] as const),
        { total },
      );
    },
  };
}

function rowsOf(group: OutboxRow['group'], reads: AccountReads): readonly OutboxRow[] {
  return groups[group]
    .flatMap((state) => reads.outbox.inState(state, OUTBOX_ROWS))
    .sort((a, b) => a.n - b.n)
    .map((item) => outboxRow(item, group, reads));
}

function outboxRow(item: RawItem, group: OutboxRow['group'], reads: AccountReads): OutboxRow {
  const conversationId = item.op && conversationOf(item.op, reads);
  return {
    opId: item.opId,
    group,
    state: stateOf(item.state),
    action: item.op ? actionOf(item.op, reads.userId) : 'send',
    conversationId,
    conversationTitle: conversationId === null ? '' : (identityOf(reads, conversationId)?.shownTitle ?? ''),
    text: item.op && textOf(item.op, reads),
    composedAtMs: item.composedAtMs,
    dropAtMs: item.state === 'CANCELLED' || item.attempts > 0 ? null : item.dropAtMs,
    error:
      item.code === null ? null : errorBody(item.code, item.detail === null ? {} : { detail: item.detail }),
    can: actionsOf(item, group),
  };
}

function stateOf(state: OpState): OutboxRow['state'] {
  const shown = sendStateOf(state);
  switch (shown) {
    case 'queued':
    case 'sending':
    case 'failed':
    case 'parked':
      return shown;
    default:
      return 'cancelled';
  }
}

/** What a person may do; nothing while the server may be deciding about it. */
function actionsOf({ op, state, attempts }: RawItem, group: OutboxRow['group']): OutboxRow['can'] {
  if (!op) return ['discard'];
  const edit = op.kind === 'message.send' ? (['edit'] as const) : [];
  if (group === 'attention') return [state === 'PARKED' ? 'sendNow' : 'retry', ...edit, 'discard'];
  if (group === 'sending') return [];
  // Once it was on the wire it may have arrived: it can be hurried, not taken back.
  return attempts === 0
    ? [...edit, ...(op.kind === 'message.send' ? ['deadline' as const] : []), 'cancel']
    : ['retry'];
}

function actionOf(op: Op, ownUserId: string): OutboxRow['action'] {
  switch (op.kind) {
    case 'message.send':
      return 'send';
    case 'message.edit':
      return 'edit';
    case 'message.delete':
      return 'delete';
    case 'reaction.set':
      return 'react';
    case 'conversation.create':
      return 'create';
    case 'conversation.update':
      if (op.title !== undefined) return 'rename';
      return op.pin ? (op.pin.on ? 'pin' : 'unpin') : 'change';
    case 'member.add':
      return 'addPerson';
    case 'member.remove':
      return op.userId === ownUserId ? 'leave' : 'removePerson';
    case 'member.role':
      return 'role';
    case 'account.set':
      if (isScheduling(op)) return 'schedule';
      return prefixOf(op) === 'saved' ? 'save' : 'setting';
    case 'org.set':
    case 'read.set':
    case 'delivered.set':
      return 'setting';
  }
}

function textOf(op: Op, reads: AccountReads): string | null {
  switch (op.kind) {
    case 'message.send':
    case 'message.edit':
      return op.text;
    case 'reaction.set':
      return op.emoji;
    case 'account.set': {
      const entry = isScheduling(op) ? scheduledSchema.safeParse(op.value) : null;
      return entry?.success ? entry.data.text : null;
    }
    case 'conversation.update':
      return op.title ?? null;
    case 'member.add':
    case 'member.remove':
    case 'member.role':
      return reads.people.nameOf(op.userId);
    default:
      return null;
  }
}

function isScheduling(op: OpOf<'account.set'>): boolean {
  return prefixOf(op) === 'scheduled';
}

function prefixOf(op: OpOf<'account.set'>): string | undefined {
  return parseEntryKey(op.key)?.prefix;
}

function conversationOf(op: Op, reads: AccountReads): string | null {
  if (op.kind === 'org.set') return null;
  if (op.kind !== 'account.set') return reads.canonicalIdOf(op.logId);
  if (isScheduling(op) || prefixOf(op) === 'saved') {
    const id = z.object({ conversationId: uuidSchema }).safeParse(op.value).data?.conversationId;
    return id === undefined ? null : reads.canonicalIdOf(id);
  }
  const id = parseEntryKey(op.key)?.id;
  // Keys of messages and of myself end in other ids.
  return id !== undefined && identityOf(reads, id) ? id : null;
}
