/**
 * The conversations of a Slack export and what each becomes here: channels and group messages become groups, direct
 * messages become direct conversations. Owns who is in them. Writes nothing itself.
 */
import { utf8Length } from '@curlew/shared/domain/ids.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { AppendOp } from '../../repositories/append-queue.ts';
import type { SlackConversation } from './format.ts';
import type { ImportIds } from './ids.ts';
import { importOp } from './messages.ts';
import type { People } from './people.ts';

/** Where Slack lists it. */
export type SlackKind = 'channel' | 'group' | 'mpim' | 'dm';

/** A conversation of the export. */
export interface PlannedConversation {
  readonly kind: SlackKind;
  readonly source: SlackConversation;
  /** id here */
  readonly id: string;
  /** folders of its days in the archive; the first that is there counts */
  readonly folders: readonly string[];
}

/** Ops that begin a conversation: the second is for when the pair of the first has one already. */
export interface Beginning {
  readonly first: AppendOp;
  readonly otherwise: AppendOp | undefined;
  /** nobody who is still here was in it, so nobody can read it */
  readonly isEmpty: boolean;
}

/** Plans what the lists name. */
export function planConversations(
  kind: SlackKind,
  sources: readonly SlackConversation[],
  ids: ImportIds,
): readonly PlannedConversation[] {
  return sources.map((source) => ({
    kind,
    source,
    id: ids.conversation(source.id),
    folders: [...(kind === 'dm' || !source.name ? [] : [source.name]), source.id],
  }));
}

/** The ops that begin a conversation. `owners` run the organisation: public channels nobody is in any more are theirs. */
export function beginning(
  { kind, source, id }: PlannedConversation,
  orgId: string,
  owners: readonly string[],
  people: People,
  ids: ImportIds,
): Beginning {
  const accounts = [...(source.members ?? [])].flatMap((slackId) => people.find(slackId)?.accountId ?? []);
  const creator = people.find(source.creator ?? '')?.accountId;
  const present = [...new Set(accounts)].filter(people.isActive);
  const left = creator !== undefined && people.isActive(creator) ? [creator] : [];
  const orphaned = kind === 'channel' ? [...new Set([...left, ...owners])] : left;
  const memberIds = (present.length > 0 ? present : orphaned).slice(0, limits.groupMembers);
  const actorId = creator ?? accounts[0] ?? owners[0] ?? orgId;
  const at = source.created ? source.created * 1_000 : undefined;
  const create = (name: string, body: AppendOp['body']): AppendOp =>
    importOp('conversation.create', id, actorId, ids.op(name, source.id), at, body, body);

  // A group without an owner could never get one again.
  const ownerId = creator !== undefined && memberIds.includes(creator) ? creator : memberIds[0];
  const group = create('create-group', {
    orgId,
    kind: 'group',
    protection: 'server',
    title: titleOf(kind, source, people),
    history: 'all',
    members: memberIds.map((userId) => ({ userId, role: userId === ownerId ? 'owner' : 'member' })),
  });
  const isEmpty = memberIds.length === 0;
  if (kind !== 'dm' || present.length !== 2) return { first: group, otherwise: undefined, isEmpty };
  const pair = [...present].sort();
  const direct = create('create', {
    orgId,
    kind: 'direct',
    protection: 'server',
    uniqueKey: `${orgId}:server:${pair.join(':')}`,
    members: pair.map((userId) => ({ userId, role: 'member' })),
  });
  return { first: direct, otherwise: group, isEmpty };
}

/** Pins, oldest first, as those who pinned left them. */
export function pins(
  { source, id }: PlannedConversation,
  people: People,
  ids: ImportIds,
): readonly AppendOp[] {
  return [...(source.pins ?? [])].reverse().flatMap(({ id: ts, user, type }) => {
    const actorId = people.find(user ?? '')?.accountId ?? people.find(source.creator ?? '')?.accountId;
    if (!ts || (type && type !== 'C') || actorId === undefined) return [];
    const pin = { messageId: ids.message(source.id, ts), on: true };
    return [
      importOp(
        'conversation.update',
        id,
        actorId,
        ids.op('pin', source.id, ts),
        undefined,
        { pin },
        { pin, maxPins: limits.pins },
      ),
    ];
  });
}

function titleOf(kind: SlackKind, { id, name, members }: SlackConversation, people: People): string {
  const isNamed = kind === 'channel' || kind === 'group';
  const names = (members ?? []).map((slackId) => people.find(slackId)?.name ?? slackId).join(', ');
  const title = ((isNamed ? name : names) || name || id).replace(/\s+/gu, ' ').trim();
  let short = '';
  for (const character of title) {
    if (utf8Length(short) + utf8Length(character) > limits.titleBytes) break;
    short += character;
  }
  return short;
}
