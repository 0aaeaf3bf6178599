/** Search over IPC: its questions and hits. Owns their shapes; `intents.ts` names the intents. */
import { z } from 'zod';
import { timeMsSchema, uuidSchema } from '@curlew/shared/domain/ids.ts';

/** A message found. `marks` are the places that match, [start, end) in UTF-16 units of the excerpt's text. */
export const searchHitSchema = z.object({
  messageId: uuidSchema,
  conversationId: uuidSchema,
  conversationTitle: z.string(),
  /** The message whose thread it stands in; it is shown there. */
  threadRootId: uuidSchema.nullable(),
  senderId: uuidSchema,
  /** Empty while the person is not known on this device. */
  senderName: z.string(),
  isOwn: z.boolean(),
  /** Written here and not on the server yet: it stands at the end of its conversation. */
  isPending: z.boolean(),
  atMs: timeMsSchema,
  excerpt: z.object({
    text: z.string(),
    marks: z.array(z.tuple([z.int().min(0), z.int().min(0)])),
  }),
});
/** See {@link searchHitSchema}. */
export type SearchHit = z.infer<typeof searchHitSchema>;

const question = {
  /** See `shared/domain/search.ts` for the grammar. */
  query: z.string().max(500),
  /** Only this conversation. */
  conversationId: uuidSchema.nullable(),
  limit: z.int().min(1).max(100),
};

/** What this device holds, newest first. A newer question of the same window and `from` ends an older one. */
export const localSearch = {
  request: z.strictObject({
    ...question,
    from: z.enum(['list', 'find', 'switcher']),
    /** The hit after which the page begins; null: the first page. */
    after: z.strictObject({ atMs: timeMsSchema, id: uuidSchema }).nullable(),
  }),
  answer: z.object({
    hits: z.array(searchHitSchema),
    hasMore: z.boolean(),
    /** This device holds everything since then; null: everything there is. */
    backToMs: timeMsSchema.nullable(),
  }),
} as const;

/** The same question to the server. Private conversations are not there to be found. */
export const serverSearch = {
  request: z.strictObject({ ...question, cursor: z.string().max(200).nullable() }),
  answer: z.object({
    hits: z.array(searchHitSchema),
    /** Goes on from here; null: everything was searched. */
    cursor: z.string().nullable(),
  }),
} as const;
