/**
 * The overlay: what the outbox adds to a conversation's cached rows. Owns the rules by which pending sends, edits,
 * deletes and reactions show before the server has them (optimistic state is computed here when a view is read and
 * never written into the cache).
 */
import { assertNever } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Op, OpOf } from '@curlew/shared/protocol/ops.ts';
import type { Reaction } from '@curlew/shared/domain/message.ts';
import type { SendState } from '../../../ipc/message-rows.ts';
import type { OpState, OutboxItem } from '../store-types.ts';

/** An outbox row of a known kind of op. */
export type ItemOf<K extends Op['kind']> = Omit<OutboxItem, 'op'> & { readonly op: OpOf<K> };

/** A change of a conversation itself. */
export type SettingsItem =
  ItemOf<'conversation.update'> | ItemOf<'member.add'> | ItemOf<'member.remove'> | ItemOf<'member.role'>;

/** What waits, or failed, for one message: the newest that still takes effect, else the newest that failed. */
export interface PendingChanges {
  readonly edit: ItemOf<'message.edit'> | undefined;
  readonly deletion: ItemOf<'message.delete'> | undefined;
  readonly reactions: readonly ItemOf<'reaction.set'>[];
}

/** Everything the outbox adds to one conversation. */
export interface Overlay {
  /** Changes of settings and members that still take effect, in the order composed. */
  readonly settings: readonly SettingsItem[];
  /** The same for replies in threads. */
  readonly replies: readonly ItemOf<'message.send'>[];
  /** Sends the cache does not hold: acknowledged ones by seq, then the others in the order composed. */
  readonly sends: readonly ItemOf<'message.send'>[];
  changesOf(messageId: string): PendingChanges;
}

/** What a person sees of an op's state; null for CANCELLED, which shows in the Outbox only. */
export function sendStateOf(state: OpState): SendState | null {
  switch (state) {
    case 'QUEUED':
    case 'READY':
    case 'WAIT_DEPENDENCY':
    case 'WAIT_ATTACHMENT':
    case 'BACKOFF':
      return 'queued';
    case 'IN_FLIGHT':
    case 'AMBIGUOUS':
      return 'sending';
    case 'ACKED':
    case 'APPLIED':
      return 'sent';
    case 'REJECTED':
    case 'STALLED':
      return 'failed';
    case 'PARKED':
      return 'parked';
    case 'CANCELLED':
      return null;
    default:
      return assertNever(state, 'op state');
  }
}

/** Why an op failed, for the person; null while it has not. */
export function failureOf(item: Pick<OutboxItem, 'state' | 'code' | 'detail'>): ErrorBody | null {
  if (sendStateOf(item.state) !== 'failed') return null;
  return errorBody(item.code ?? 'INTERNAL', item.detail === null ? {} : { detail: item.detail });
}

/** Whether the op still shows its effect: what failed or was cancelled is taken back. */
export function isEffective(item: Pick<OutboxItem, 'state'>): boolean {
  const state = sendStateOf(item.state);
  return state !== 'failed' && state !== null;
}

const noChanges: PendingChanges = { edit: undefined, deletion: undefined, reactions: [] };

/**
 * Sorts a conversation's outbox rows into an overlay.
 * @param items rows in the order composed; acknowledged ones only beyond the cache's tail
 * @param isCached whether the cache already holds a message, so that no message shows twice (I12)
 */
export function overlayOf(items: readonly OutboxItem[], isCached: (messageId: string) => boolean): Overlay {
  const sends: ItemOf<'message.send'>[] = [];
  const replies: ItemOf<'message.send'>[] = [];
  const settings: SettingsItem[] = [];
  const changes = new Map<string, PendingChanges>();
  const add = (messageId: string, change: (before: PendingChanges) => Partial<PendingChanges>): void => {
    const before = changes.get(messageId) ?? noChanges;
    changes.set(messageId, { ...before, ...change(before) });
  };
  for (const item of items) {
    const { op } = item;
    if (item.state === 'CANCELLED') continue;
    if (isSettingsOp(op)) {
      if (isEffective(item)) settings.push({ ...item, op } as SettingsItem);
    } else if (op.kind === 'message.send' && !isCached(op.opId)) {
      (op.threadRootId === undefined ? sends : replies).push({ ...item, op });
    } else if (op.kind === 'message.edit') {
      add(op.messageId, ({ edit }) => ({ edit: newest(edit, { ...item, op }) }));
    } else if (op.kind === 'message.delete') {
      add(op.messageId, ({ deletion }) => ({ deletion: newest(deletion, { ...item, op }) }));
    } else if (op.kind === 'reaction.set') {
      add(op.messageId, ({ reactions }) => ({ reactions: [...reactions, { ...item, op }] }));
    }
  }
  return {
    settings,
    replies: replies.sort(bySeqThenComposed),
    sends: sends.sort(bySeqThenComposed),
    changesOf: (id) => changes.get(id) ?? noChanges,
  };
}

function isSettingsOp(op: Op): op is SettingsItem['op'] {
  return op.kind === 'conversation.update' || op.kind.startsWith('member.');
}

function newest<I extends Pick<OutboxItem, 'state'>>(before: I | undefined, item: I): I {
  return before && isEffective(before) && !isEffective(item) ? before : item;
}

// Acknowledged rows have their place in the log; the others follow as they were composed (R26).
function bySeqThenComposed(a: OutboxItem, b: OutboxItem): number {
  if (a.seq !== null && b.seq !== null) return a.seq - b.seq;
  if (a.seq !== null) return -1;
  return b.seq !== null ? 1 : a.n - b.n;
}

/** Reactions with mine as they will be. */
export function overlaidReactions(
  cached: readonly Reaction[],
  pending: readonly ItemOf<'reaction.set'>[],
  userId: string,
): readonly Reaction[] {
  return pending.filter(isEffective).reduce<readonly Reaction[]>((reactions, { op, seq }) => {
    const isMine = (it: Reaction): boolean => it.userId === userId && it.emoji === op.emoji;
    if (!op.on) return reactions.filter((it) => !isMine(it));
    // The server gives it its place; until then it stands last.
    const added: Reaction = { emoji: op.emoji, userId, seq: seq ?? Number.MAX_SAFE_INTEGER };
    return reactions.some(isMine) ? reactions : [...reactions, added];
  }, cached);
}
