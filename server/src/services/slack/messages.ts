/**
 * A day of a Slack conversation as ops. Owns which of Slack's kinds of message are history and which are noise, and what
 * becomes of each part of one.
 */
import { createHash } from 'node:crypto';
import { utf8Length } from '@curlew/shared/domain/ids.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { JsonValue } from '@curlew/shared/lib/canonical-json.ts';
import { opSchemas } from '@curlew/shared/protocol/ops.ts';
import type { AppendOp } from '../../repositories/append-queue.ts';
import { fastOpHash } from '../op-hash.ts';
import { compareTs, msOf, type SlackFile, type SlackMessage } from './format.ts';
import { reactionOf } from './emoji.ts';
import type { ImportIds } from './ids.ts';
import { convertText, plainOf, type TextNames } from './text.ts';

/** Comings and goings: who is in a conversation is taken from its list of members. */
const noise: ReadonlySet<string> = new Set([
  'channel_join',
  'channel_leave',
  'group_join',
  'group_leave',
  'bot_add',
  'bot_remove',
  'message_changed',
  'message_deleted',
  'message_replied',
  'ekm_access_denied',
]);

/** What somebody did, in Slack's words: set apart from what they said. */
const spoken: ReadonlySet<string> = new Set([
  'me_message',
  'channel_topic',
  'channel_purpose',
  'channel_name',
  'channel_archive',
  'channel_unarchive',
  'channel_convert_to_private',
  'group_topic',
  'group_purpose',
  'group_name',
  'group_archive',
  'group_unarchive',
  'pinned_item',
  'reminder_add',
]);

/** Who wrote a message: somebody of users.json, or a program by its own id. */
export interface Author {
  readonly slackId: string;
  readonly isBot: boolean;
  /** what the message itself calls them, for those no list knows */
  readonly name: string | undefined;
}

/** What a conversation is to the messages in it. */
export interface MessageContext {
  readonly channelId: string;
  readonly conversationId: string;
  readonly ids: ImportIds;
  readonly names: TextNames;
  /** the account of a Slack id */
  readonly accountOf: (slackId: string) => string | undefined;
}

/** A day's ops in the order they are written: what was said, then what was done to it. */
export interface DayOps {
  readonly sends: readonly AppendOp[];
  readonly changes: readonly AppendOp[];
  /** messages that are none here: comings and goings, doubles, and those with nothing in them */
  readonly skipped: number;
}

/** Who wrote a message. */
export function authorOf(message: SlackMessage): Author {
  const { user, bot_id: botId, username, bot_profile: bot, user_profile: profile } = message;
  if (user) {
    const name = profile?.display_name || profile?.real_name || bot?.name || username || undefined;
    return { slackId: user, isBot: user === 'USLACKBOT', name };
  }
  const name = bot?.name || username || undefined;
  return { slackId: botId || `name:${name ?? 'Slack'}`, isBot: true, name };
}

/** Everybody a day names: its authors, those who reacted, those it mentions. */
export function peopleIn(messages: readonly SlackMessage[]): ReadonlyMap<string, Author> {
  const people = new Map<string, Author>();
  for (const message of messages) {
    const author = authorOf(message);
    if (!people.get(author.slackId)?.name) people.set(author.slackId, author);
    for (const { users } of message.reactions ?? [])
      for (const slackId of users ?? [])
        if (!people.has(slackId)) people.set(slackId, { slackId, isBot: false, name: undefined });
  }
  return people;
}

/** Turns a day's messages into ops. */
export function dayOps(messages: readonly SlackMessage[], context: MessageContext): DayOps {
  const sends: AppendOp[] = [];
  const changes: AppendOp[] = [];
  const seen = new Map<string, Set<string>>();
  let skipped = 0;
  for (const message of [...messages].sort((a, b) => compareTs(a.ts, b.ts))) {
    const digest = digestOf(message);
    const others = seen.get(message.ts);
    // Slack's exports hold some messages twice, and rarely two of one time.
    const part = others === undefined ? '' : digest;
    if (others?.has(digest) || isNoise(message)) {
      skipped += 1;
      continue;
    }
    seen.set(message.ts, (others ?? new Set()).add(digest));
    const ops = messageOps(message, part, context);
    if (ops.sends.length === 0) skipped += 1;
    sends.push(...ops.sends);
    changes.push(...ops.changes);
  }
  return { sends, changes, skipped };
}

function digestOf({ user, bot_id: bot, text, subtype }: SlackMessage): string {
  return createHash('sha256')
    .update(JSON.stringify([user ?? bot, text, subtype]))
    .digest('hex')
    .slice(0, 16);
}

function isNoise({ subtype, hidden, type, thread_ts: thread, reply_count: replies }: SlackMessage): boolean {
  if (type && type !== 'message') return true;
  // What others answered to is kept, whatever it is: their answers stand below it.
  if (thread || (replies ?? 0) > 0) return false;
  return noise.has(subtype ?? '') || (hidden === true && subtype !== 'tombstone');
}

function messageOps(
  message: SlackMessage,
  part: string,
  context: MessageContext,
): { sends: readonly AppendOp[]; changes: readonly AppendOp[] } {
  const { ids, channelId, accountOf } = context;
  const actorId = accountOf(authorOf(message).slackId);
  const isTombstone = message.subtype === 'tombstone';
  const { text, mentions } = isTombstone ? { text: '…', mentions: [] } : contentOf(message, context);
  if (actorId === undefined || text === '') return { sends: [], changes: [] };
  const { ts, thread_ts: thread } = message;
  const at = msOf(ts);
  const threadRootId = thread && thread !== ts ? ids.message(channelId, thread) : undefined;
  const texts = split(text, limits.textBytes);
  const sends = texts.flatMap((each, index) => {
    const id = ids.message(channelId, ts, index === 0 ? part : `${part}#${index}`);
    const op = sendOp(context, {
      id,
      actorId,
      at,
      text: each,
      mentions: index === 0 ? mentions : [],
      threadRootId,
    });
    return op ? [op] : [];
  });
  const id = sends[0]?.opId;
  if (id === undefined) return { sends: [], changes: [] };
  if (isTombstone) return { sends, changes: [deletion(context, actorId, id, at)] };
  const edited =
    message.edited && texts.length === 1
      ? [edit(context, actorId, id, text, mentions, message.edited.ts)]
      : [];
  return { sends, changes: [...edited, ...reactions(context, message, id, at)] };
}

/** Everything a message says: its text, then its boxes, then its files. */
function contentOf(message: SlackMessage, { names }: MessageContext) {
  const main = convertText(message.text || blockText(message), names);
  const isSpoken = spoken.has(message.subtype ?? '') && /^[^\n]+$/u.test(main.text);
  const boxes = (message.attachments ?? []).map((box) => boxText(box, main.text, names));
  const files = [...(message.files ?? []), message.file].flatMap((file) =>
    file ? [fileText(file, names)] : [],
  );
  const parts = [isSpoken ? `_${main.text}_` : main.text, ...boxes, ...files];
  return { text: parts.filter((each) => each !== '').join('\n'), mentions: main.mentions };
}

/** The texts of a message that has blocks only. */
function blockText({ blocks }: SlackMessage): string {
  const textOf = (part: unknown): string =>
    typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
      ? part.text
      : '';
  return (blocks ?? [])
    .flatMap(({ text, fields }) => [textOf(text), ...(Array.isArray(fields) ? fields.map(textOf) : [])])
    .filter((each) => each !== '')
    .join('\n');
}

function boxText(
  box: NonNullable<SlackMessage['attachments']>[number],
  said: string,
  names: TextNames,
): string {
  const convert = (text: string | null | undefined): string => convertText(text ?? '', names).text;
  const title = convert(box.title);
  const link = box.title_link ? plainOf(box.title_link, names) : '';
  const fields = (box.fields ?? []).map(({ title: name, value }) =>
    [convert(name), typeof value === 'string' ? convert(value) : ''].filter((each) => each !== '').join(': '),
  );
  const lines = [
    convert(box.pretext),
    [title, link].filter((each) => each !== '').join(' '),
    convert(box.text),
    ...fields,
  ];
  const body = lines.filter((each) => each !== '').join('\n') || convert(box.fallback);
  // A link that Slack looked into says nothing new when the link itself is in the text.
  if (link !== '' && said.includes(link)) return '';
  return body.replace(/^(?!$)/gmu, '> ');
}

/** Files stay where they are: their names, and where Slack still has them, their addresses. */
function fileText(file: SlackFile, names: TextNames): string {
  const name = plainOf(file.title || file.name || '', names).replace(/\s+/gu, ' ');
  const isGone = file.mode === 'tombstone' || file.mode === 'hidden_by_limit';
  const url = isGone ? undefined : addressOf(file);
  if (isGone && name === '') return '📎 (no longer in Slack)';
  return ['📎', name, url ?? (isGone ? '(no longer in Slack)' : '')].filter((each) => each !== '').join(' ');
}

/** A file's address without the token that lets whoever holds an export download it. */
function addressOf({
  permalink,
  url_private: privateUrl,
  external_url: external,
}: SlackFile): string | undefined {
  const given = permalink || external || privateUrl || '';
  if (!URL.canParse(given)) return undefined;
  const url = new URL(given);
  url.searchParams.delete('t');
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}

interface Said {
  readonly id: string;
  readonly actorId: string;
  readonly at: number;
  readonly text: string;
  readonly mentions: readonly string[];
  readonly threadRootId: string | undefined;
}

/** A send as a client would have made it: what a client may not send does not come in this way either. */
function sendOp({ conversationId: logId }: MessageContext, said: Said): AppendOp | undefined {
  const { id: opId, actorId, at: composedAt, text, mentions, threadRootId } = said;
  const read = opSchemas['message.send'].safeParse({
    opId,
    v: 1,
    logId,
    kind: 'message.send',
    text,
    replyTo: null,
    composedAt,
    ...(threadRootId === undefined ? {} : { threadRootId }),
    ...(mentions.length === 0 ? {} : { mentions }),
  });
  if (!read.success) return undefined;
  const { opId: messageId, v: _v, logId: _log, kind: _kind, ...content } = read.data;
  return importOp('message.send', logId, actorId, opId, composedAt, content, { messageId, ...content });
}

/** The same message in the conversation itself: the one it answered is not in the export. */
export function withoutThread(op: AppendOp): AppendOp {
  const { threadRootId: _root, ...body } = op.body;
  const { messageId: _id, ...content } = body;
  return importOp(op.kind, op.logId, op.actorId, op.opId, op.atMs, content, body);
}

function edit(
  { conversationId, ids }: MessageContext,
  actorId: string,
  messageId: string,
  text: string,
  mentions: readonly string[],
  ts: string,
): AppendOp {
  const fields = { messageId, text, mentions, baseRevSeq: 0 };
  const body = { ...fields, own: false, imported: true };
  return importOp(
    'message.edit',
    conversationId,
    actorId,
    ids.op('edit', messageId, ts),
    msOf(ts),
    fields,
    body,
  );
}

function deletion(
  { conversationId, ids }: MessageContext,
  actorId: string,
  messageId: string,
  at: number,
): AppendOp {
  const body = { messageId, own: false, imported: true };
  return importOp(
    'message.delete',
    conversationId,
    actorId,
    ids.op('delete', messageId),
    at,
    { messageId },
    body,
  );
}

/** Slack does not say when somebody reacted: as early as it can have been. */
function reactions(
  context: MessageContext,
  message: SlackMessage,
  messageId: string,
  at: number,
): readonly AppendOp[] {
  const { conversationId, ids, accountOf } = context;
  return (message.reactions ?? []).flatMap(({ name, users }) => {
    const emoji = reactionOf(name);
    return [...new Set(users ?? [])].flatMap((slackId) => {
      const actorId = accountOf(slackId);
      if (emoji === undefined || actorId === undefined) return [];
      const fields = { messageId, emoji, on: true };
      const body = { ...fields, own: false, imported: true, most: limits.reactionsPerPerson };
      const opId = ids.op('reaction', messageId, emoji, actorId);
      return [importOp('reaction.set', conversationId, actorId, opId, at, fields, body)];
    });
  });
}

/**
 * An op of an import: said by them, written by the server.
 * @param atMs when it was said; undefined: now
 */
export function importOp(
  kind: string,
  logId: string,
  actorId: string,
  opId: string,
  atMs: number | undefined,
  fields: object,
  body: { readonly [key: string]: JsonValue | undefined },
): AppendOp {
  const opHash = fastOpHash({ opId, v: 1, logId, kind, ...fields });
  const base = { logId, actorId, deviceId: null, fence: null, opId, opHash, kind, seenVersion: null };
  return { ...base, isSystem: true, ...(atMs === undefined ? {} : { atMs }), body };
}

/** Cuts a text into pieces of at most so many bytes of UTF-8, between characters. */
function split(text: string, maxBytes: number): readonly string[] {
  if (utf8Length(text) <= maxBytes) return [text];
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of text) {
    const size = utf8Length(character);
    if (bytes + size > maxBytes) {
      pieces.push(piece);
      piece = '';
      bytes = 0;
    }
    piece += character;
    bytes += size;
  }
  return [...pieces, piece].filter((each) => each.trim() !== '');
}
