/**
 * The files of a Slack export, as far as an import reads them. Owns what is believed of their shape: a file is taken whole
 * or not at all, and fields nobody reads here may be anything.
 *
 * Described at https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports (which files there are) and
 * https://api.slack.com/events/message with its subtypes (what stands in them).
 */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { z } from 'zod';

const text = z.string().nullish();

/** Slack's time of a message, which is also its name in its conversation: seconds with six decimals. */
const tsSchema = z.string().regex(/^\d{1,11}\.\d{1,9}$/);

const profileSchema = z.looseObject({
  real_name: text,
  display_name: text,
  email: text,
  title: text,
  bot_id: text,
});

/** Somebody of users.json. */
export const slackUserSchema = z.looseObject({
  id: z.string().min(1),
  name: text,
  real_name: text,
  deleted: z.boolean().nullish(),
  is_bot: z.boolean().nullish(),
  is_restricted: z.boolean().nullish(),
  is_ultra_restricted: z.boolean().nullish(),
  profile: profileSchema.nullish(),
});
/** See {@link slackUserSchema}. */
export type SlackUser = z.infer<typeof slackUserSchema>;

/** A conversation of channels.json, groups.json, mpims.json or dms.json. */
export const slackConversationSchema = z.looseObject({
  id: z.string().min(1),
  name: text,
  created: z.number().nullish(),
  creator: text,
  members: z.array(z.string()).nullish(),
  pins: z.array(z.looseObject({ type: text, id: text, user: text, owner: text })).nullish(),
});
/** See {@link slackConversationSchema}. */
export type SlackConversation = z.infer<typeof slackConversationSchema>;

/** A file of a message. `mode`: `tombstone` is deleted, `hidden_by_limit` no longer shown on a free plan. */
const slackFileSchema = z.looseObject({
  name: text,
  title: text,
  mode: text,
  permalink: text,
  url_private: text,
  external_url: text,
});
/** See {@link slackFileSchema}. */
export type SlackFile = z.infer<typeof slackFileSchema>;

/** A box below a message, as bots and unfurled links have it. */
const slackAttachmentSchema = z.looseObject({
  pretext: text,
  title: text,
  title_link: text,
  text,
  fallback: text,
  fields: z.array(z.looseObject({ title: text, value: z.unknown().optional() })).nullish(),
});

/** A message of a day's file. */
export const slackMessageSchema = z.looseObject({
  type: text,
  subtype: text,
  ts: tsSchema,
  thread_ts: tsSchema.nullish(),
  reply_count: z.number().nullish(),
  hidden: z.boolean().nullish(),
  user: text,
  bot_id: text,
  username: text,
  bot_profile: z.looseObject({ name: text }).nullish(),
  user_profile: profileSchema.nullish(),
  text,
  edited: z.looseObject({ user: text, ts: tsSchema }).nullish(),
  reactions: z.array(z.looseObject({ name: z.string(), users: z.array(z.string()).nullish() })).nullish(),
  files: z.array(slackFileSchema.nullable()).nullish(),
  file: slackFileSchema.nullish(),
  attachments: z.array(slackAttachmentSchema).nullish(),
  blocks: z.array(z.looseObject({ text: z.unknown().optional(), fields: z.unknown().optional() })).nullish(),
});
/** See {@link slackMessageSchema}. */
export type SlackMessage = z.infer<typeof slackMessageSchema>;

/** Why a file of the export is left out. `detail` names the place, never a text. */
export interface FileProblem {
  readonly code: 'NOT_JSON' | 'NOT_A_LIST' | 'ITEM_INVALID';
  readonly detail?: string;
}

/** Reads a file that is a list of one kind of thing: all of it, or why not. */
export function readList<T>(bytes: Buffer, schema: z.ZodType<T>): Result<readonly T[], FileProblem> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Cut off, not text, or not JSON: all the same to whoever has to get another copy.
    return err({ code: 'NOT_JSON' });
  }
  if (!Array.isArray(parsed)) return err({ code: 'NOT_A_LIST' });
  const items: T[] = [];
  for (const [index, item] of parsed.entries()) {
    const read = schema.safeParse(item);
    if (!read.success) {
      const [issue] = read.error.issues;
      return err({ code: 'ITEM_INVALID', detail: `${index + 1}: ${issue?.path.join('.') ?? ''}` });
    }
    items.push(read.data);
  }
  return ok(items);
}

/** Milliseconds since 1970 of a Slack time. */
export function msOf(ts: string): number {
  const [seconds = '0', decimals = ''] = ts.split('.');
  return Number(seconds) * 1_000 + Number(decimals.padEnd(3, '0').slice(0, 3));
}

/** Order of two Slack times; they are longer than a number can hold exactly. */
export function compareTs(a: string, b: string): number {
  const [as = '', ad = ''] = a.split('.');
  const [bs = '', bd = ''] = b.split('.');
  return Number(as) - Number(bs) || (ad < bd ? -1 : ad > bd ? 1 : 0);
}
