/**
 * A Slack export as Slack writes them, of any size and always the same: people, channels, private channels, group and direct
 * messages, a file a day and conversation, and every odd case that exports have. Counts on the way what an import has to
 * arrive at, without using any of its code.
 */
import { seededPick } from '@curlew/shared/lib/seeded.test-support.ts';
import { writeZip, type PackedFile } from '../../../infra/testing/zip-writer.ts';

/** A message or list entry as JSON has it. */
export type Json = Readonly<Record<string, unknown>>;

/** A written export and what is in it. */
export interface WrittenExport {
  /** messages that are to arrive */
  readonly messages: number;
  /** comings and goings, doubles, and messages with nothing in them */
  readonly skipped: number;
  readonly reactions: number;
  readonly edits: number;
  readonly tombstones: number;
  readonly replies: number;
  readonly channels: number;
}

/** When the first message was written: 1 January 2024, in seconds. */
const START = 1_704_067_200;
const DAY = 86_400;
const PEOPLE = 40;

/** Packs lists and days into an archive. */
export function packExport(
  path: string,
  lists: Readonly<Record<string, unknown>>,
  days: Readonly<Record<string, unknown>>,
  extra: readonly PackedFile[] = [],
): void {
  const json = (name: string, value: unknown): PackedFile => ({
    name,
    bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value, undefined, 4)),
  });
  writeZip(path, [
    ...Object.entries(lists).map(([name, value]) => json(`${name}.json`, value)),
    json('integration_logs.json', []),
    ...Object.entries(days).map(([name, value]) => json(`${name}.json`, value)),
    ...extra,
  ]);
}

/** Somebody as users.json has them. */
export function slackUser(id: string, name: string, more: Json = {}): Json {
  const { profile, ...rest } = more;
  return {
    id,
    team_id: 'T01CURLEW',
    name: name.toLowerCase().replaceAll(' ', '.'),
    deleted: false,
    color: '9f69e7',
    real_name: name,
    is_admin: false,
    is_bot: false,
    is_app_user: false,
    updated: START,
    profile: {
      real_name: name,
      display_name: name.split(' ')[0],
      email: `${id.toLowerCase()}@slack.example`,
      ...(profile as Json | undefined),
    },
    ...rest,
  };
}

/** A conversation as the lists have it. */
export function slackChannel(id: string, name: string, members: readonly string[], more: Json = {}): Json {
  return {
    id,
    name,
    created: START - 1_000,
    creator: members[0] ?? 'U000',
    is_archived: false,
    is_general: name === 'general',
    members,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    ...more,
  };
}

/** A message as a day's file has it. `at`: seconds after the start, with six decimals. */
export function slackMessage(user: string, at: number, text: string, more: Json = {}): Json {
  return {
    user,
    type: 'message',
    ts: tsOf(at),
    client_msg_id: `${user}-${at}`,
    text,
    team: 'T01CURLEW',
    user_team: 'T01CURLEW',
    source_team: 'T01CURLEW',
    user_profile: { real_name: user, display_name: user, team: 'T01CURLEW' },
    blocks: [{ type: 'rich_text', block_id: 'x', elements: [] }],
    ...more,
  };
}

/** Slack's time so many seconds after the start. */
export function tsOf(at: number): string {
  return (START + at).toFixed(6);
}

/**
 * Writes an export of about this many messages: spread over channels of very different sizes, with a third of them in
 * threads, a reaction at every sixth, an edit at every twentieth.
 */
export function writeBigExport(path: string, size: number, seed = 1): WrittenExport {
  const pick = seededPick(seed);
  const ids = Array.from({ length: PEOPLE }, (_, index) => `U${String(index).padStart(3, '0')}`);
  const users = ids.map((id, index) => slackUser(id, `Person ${index}`, { deleted: index % 13 === 12 }));
  const active = ids.filter((_, index) => index % 13 !== 12);
  const channels = ['general', 'random', 'support', 'harbour', 'a-quiet-one'].map((name, index) =>
    slackChannel(`C00${index}`, name, active.slice(0, PEOPLE - index * 5)),
  );
  const groups = [slackChannel('G001', 'board', active.slice(0, 4))];
  const mpims = [slackChannel('G002', 'mpdm-u000--u001--u002-1', ['U000', 'U001', 'U002'])];
  const dms = [1, 2, 3].map((index) => ({
    id: `D00${index}`,
    created: START,
    members: ['U000', `U00${index}`],
  }));
  const shares: readonly (readonly [string, readonly string[], number])[] = [
    ...channels.map((it, index): [string, readonly string[], number] => [
      String(it['name']),
      it['members'] as readonly string[],
      [0.5, 0.2, 0.12, 0.08, 0.01][index] ?? 0,
    ]),
    ['board', active.slice(0, 4), 0.03],
    ['mpdm-u000--u001--u002-1', ['U000', 'U001', 'U002'], 0.02],
    ['D001', ['U000', 'U001'], 0.02],
    ['D002', ['U000', 'U002'], 0.01],
    ['D003', ['U000', 'U003'], 0.01],
  ];
  const counts = { messages: 0, skipped: 0, reactions: 0, edits: 0, tombstones: 0, replies: 0 };
  const packed = function* (): Generator<PackedFile> {
    const lists = { users, channels, groups, mpims, dms, integration_logs: [] };
    for (const [name, value] of Object.entries(lists))
      yield { name: `${name}.json`, bytes: Buffer.from(JSON.stringify(value)) };
    for (const [folder, members, share] of shares) {
      const total = Math.max(3, Math.round(size * share));
      const perDay = Math.max(10, Math.ceil(total / 60));
      let root: string | undefined;
      for (let made = 0; made < total; made += perDay) {
        const day = Math.floor(made / perDay);
        const messages = Array.from({ length: Math.min(perDay, total - made) }, (_, index) => {
          const at = day * DAY + index * 7 + 0.000_1 * (index % 9);
          const user = pick(members);
          const number = made + index;
          if (number % 50 === 49) {
            counts.skipped += 1;
            return slackMessage(user, at, `<@${user}> has joined the channel`, { subtype: 'channel_join' });
          }
          counts.messages += 1;
          const isReply = root !== undefined && number % 3 === 2;
          const isTombstone = !isReply && number % 101 === 100;
          const reactors = number % 6 === 5 ? [...new Set([pick(members), members[0]])] : [];
          const isEdited = number % 20 === 19;
          if (isTombstone) {
            counts.tombstones += 1;
            return slackMessage('USLACKBOT', at, 'This message was deleted.', {
              subtype: 'tombstone',
              hidden: true,
            });
          }
          if (isReply) counts.replies += 1;
          else root = tsOf(at);
          counts.reactions += reactors.length;
          if (isEdited) counts.edits += 1;
          return slackMessage(user, at, `*${number}* ${words(pick)} <@${members[0]}> &amp; :tada:`, {
            ...(isReply ? { thread_ts: root, parent_user_id: user } : {}),
            ...(reactors.length > 0
              ? { reactions: [{ name: '+1', users: reactors, count: reactors.length }] }
              : {}),
            ...(isEdited ? { edited: { user, ts: tsOf(at + 60) } } : {}),
          });
        });
        const date = new Date((START + day * DAY) * 1_000).toISOString().slice(0, 10);
        yield { name: `${folder}/${date}.json`, bytes: Buffer.from(JSON.stringify(messages, undefined, 4)) };
      }
    }
  };
  writeZip(path, packed());
  return { ...counts, channels: shares.length };
}

const vocabulary = [
  'tide',
  'harbour',
  'rope',
  'signal',
  'north',
  'crew',
  'engine',
  'watch',
  'chart',
  'fog',
  'Überfahrt',
  '潮',
];

const lengths = Array.from({ length: 20 }, (_, index) => index + 4);

function words(pick: <T>(of: readonly T[]) => T): string {
  return Array.from({ length: pick(lengths) }, () => pick(vocabulary)).join(' ');
}
