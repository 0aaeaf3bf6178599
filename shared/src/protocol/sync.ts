/**
 * Sync reads: heads, pull, history, window, verify, status. Owns the shapes by which a client learns what the server
 * has and brings its cache there. The push is a hint; these are the truth.
 */
import { z } from 'zod';
import { envelopeSchema, logKindSchema } from '../domain/event.ts';
import { chainSchema, seqSchema, timeMsSchema, uuidSchema, watermarkSchema } from '../domain/ids.ts';
import {
  conversationSchema,
  logEntrySchema,
  messageSchema,
  receiptCountSchema,
  receiptSchema,
} from '../domain/message.ts';
import { limits } from '../domain/limits.ts';

/** A closed range of sequence numbers a page speaks for. */
export const coversSchema = z.object({ lo: seqSchema, hi: watermarkSchema });

/**
 * A thread this person follows (wrote its root or a reply, or is mentioned in it) with unread replies: those behind
 * `readSeq`, which is how far they read it, or where they came to follow it.
 */
const threadHeadSchema = z.object({
  rootId: uuidSchema,
  readSeq: watermarkSchema,
  unread: z.int().min(1),
  mentions: z.int().min(0),
});
/** See {@link threadHeadSchema}. */
export type ThreadHead = z.infer<typeof threadHeadSchema>;

/**
 * One log as the server sees it for this person. `unread` and `mentions` count as of `asOf` and without threads;
 * `threads` holds every followed thread with something unread, latest first: one that is absent has nothing. For a former member `head`
 * and `chain` are those at the end of the membership and `left` is true. Account and organisation logs carry zeros
 * in the fields that only conversations have.
 */
export const headSchema = z.object({
  id: uuidSchema,
  kind: logKindSchema,
  head: watermarkSchema,
  chain: chainSchema,
  floorSeq: watermarkSchema,
  memberVersion: watermarkSchema,
  receiptVersion: watermarkSchema,
  readSeq: watermarkSchema,
  deliveredSeq: watermarkSchema,
  unreadFromSeq: seqSchema.nullable(),
  unread: z.int().min(0),
  mentions: z.int().min(0),
  threads: z.array(threadHeadSchema).max(limits.headThreads),
  asOf: watermarkSchema,
  left: z.boolean(),
});
/** See {@link headSchema}. */
export type Head = z.infer<typeof headSchema>;

/** `sync:heads`: without a token all logs, with one only what changed since it was given out. */
export const headsRequestSchema = z.strictObject({
  token: z.string().max(64).optional(),
  cursor: z.string().max(64).optional(),
});
/** Answer to `sync:heads`; keep the FIRST page's token. `cursor` asks for the next page while `more`. */
export const headsAnswerSchema = z.object({
  epoch: z.string(),
  token: z.string(),
  more: z.boolean(),
  cursor: z.string().optional(),
  logs: z.array(headSchema),
});
/** See {@link headsAnswerSchema}. */
export type HeadsAnswer = z.infer<typeof headsAnswerSchema>;

/** Pull: events after a position. `needSeq` refuses a lagging answer with LAGGING. */
export const pullQuerySchema = z.strictObject({
  after: z.coerce.number().pipe(watermarkSchema),
  limit: z.coerce.number().pipe(z.int().min(1).max(limits.pullEvents)).default(limits.pullEvents),
  needSeq: z.coerce.number().pipe(watermarkSchema).optional(),
});
/**
 * Answer to a pull. `head` and `chain` are the log's for this person. A `hole` says: lo..hi will never be yours; jump
 * to hi with `chainBefore` as the chain there, and take `touched` rows instead.
 */
export const pullAnswerSchema = z.object({
  events: z.array(envelopeSchema),
  head: watermarkSchema,
  chain: chainSchema,
  hole: z
    .object({ lo: seqSchema, hi: seqSchema, chainBefore: chainSchema, touched: z.array(messageSchema) })
    .optional(),
});
/** See {@link pullAnswerSchema}. */
export type PullAnswer = z.infer<typeof pullAnswerSchema>;

/** History page: `before` a seq, `around` a message id, or `at` a time; newest first is never implied: rows ascend. */
export const historyQuerySchema = z.strictObject({
  before: z.coerce.number().pipe(seqSchema).optional(),
  around: uuidSchema.optional(),
  at: z.coerce.number().pipe(timeMsSchema).optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(limits.historyMessages)).default(50),
  minAsOf: z.coerce.number().pipe(watermarkSchema).optional(),
});
/** A history page: messages by ascending `createSeq`, complete for `covers`, true as of log position `asOf`. */
export const historyAnswerSchema = z.object({
  messages: z.array(messageSchema),
  covers: coversSchema,
  asOf: watermarkSchema,
});
/** See {@link historyAnswerSchema}. */
export type HistoryAnswer = z.infer<typeof historyAnswerSchema>;

/** Window reset: "I hold these ranges up to `tail`; give me the newest page and what changed of what I hold". */
export const windowRequestSchema = z.strictObject({
  tail: watermarkSchema,
  ranges: z.array(z.strictObject({ lo: seqSchema, hi: seqSchema })).max(200),
  limit: z.int().min(1).max(limits.pullEvents).default(200),
});
/**
 * Answer: the newest messages (complete for `covers`), the held messages touched since `tail` (tombstones included),
 * settings, members and receipts (one's own alone where they are told as counts), all as of `asOf` with `chain` there.
 */
export const windowAnswerSchema = z.object({
  asOf: watermarkSchema,
  chain: chainSchema,
  conversation: conversationSchema,
  receipts: z.array(receiptSchema),
  receiptVersion: watermarkSchema,
  messages: z.array(messageSchema),
  covers: coversSchema,
  touched: z.array(messageSchema),
});
/** See {@link windowAnswerSchema}. */
export type WindowAnswer = z.infer<typeof windowAnswerSchema>;

/** State of an account or organisation log: its window. `cursor` (a key) asks for the next page; absent at the end. */
export const logStateQuerySchema = z.strictObject({ cursor: z.string().max(64).optional() });
/** Answer: every live key as of `asOf`. */
export const logStateAnswerSchema = z.object({
  asOf: watermarkSchema,
  chain: chainSchema,
  entries: z.array(logEntrySchema),
  cursor: z.string().optional(),
});
/** See {@link logStateAnswerSchema}. */
export type LogStateAnswer = z.infer<typeof logStateAnswerSchema>;

/** Where somebody stands to a message: has read it, has it and did not (say that they) read it, has it not. */
export const receiptStepSchema = z.enum(['read', 'delivered', 'pending']);
/** See {@link receiptStepSchema}. */
export type ReceiptStep = z.infer<typeof receiptStepSchema>;

/**
 * Watermarks of a conversation's members, by name. With `seq`, also when each member got and read that message; with
 * `step` as well, only those of the others it was said to who stand there. `after` is the `cursor` of the page before.
 */
export const receiptsQuerySchema = z.strictObject({
  seq: z.coerce.number().pipe(seqSchema).optional(),
  step: receiptStepSchema.optional(),
  after: uuidSchema.optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(limits.receiptsPage)).default(limits.receiptsPage),
});
/**
 * Answer; times only when asked for a `seq`: `deliveredAt` in conversations of up to 100 members, `readAt` of a member who
 * shares reads. `cursor`: there are more behind it.
 */
export const receiptsAnswerSchema = z.object({
  receiptVersion: watermarkSchema,
  receipts: z.array(
    receiptSchema.extend({
      deliveredAt: timeMsSchema.nullable().optional(),
      readAt: timeMsSchema.nullable().optional(),
    }),
  ),
  cursor: uuidSchema.optional(),
});
/** See {@link receiptsAnswerSchema}. */
export type ReceiptsAnswer = z.infer<typeof receiptsAnswerSchema>;

/** Receipts as numbers: of the message at `seq`, or of the newest ones. */
export const receiptCountsQuerySchema = z.strictObject({
  seq: z.coerce.number().pipe(seqSchema).optional(),
});
/** Answer, by ascending position. */
export const receiptCountsAnswerSchema = z.object({
  receiptVersion: watermarkSchema,
  counts: z.array(receiptCountSchema).max(limits.receiptCounts),
});
/** See {@link receiptCountsAnswerSchema}. */
export type ReceiptCountsAnswer = z.infer<typeof receiptCountsAnswerSchema>;

/** Verify: the positions a client holds, after the server's epoch changed. */
export const verifyRequestSchema = z.strictObject({
  logs: z
    .array(z.strictObject({ id: uuidSchema, seq: watermarkSchema, chain: chainSchema }))
    .max(limits.headsLogs),
});
/** Answer: whether each is part of the server's history. `commonAtMost` bounds the last shared position. */
export const verifyAnswerSchema = z.object({
  logs: z.array(
    z.object({ id: uuidSchema, same: z.boolean(), head: watermarkSchema, commonAtMost: watermarkSchema }),
  ),
});
/** See {@link verifyAnswerSchema}. */
export type VerifyAnswer = z.infer<typeof verifyAnswerSchema>;

/** Ops status: which of these ids the server holds. */
export const opsStatusRequestSchema = z.strictObject({
  opIds: z.array(uuidSchema).min(1).max(limits.statusOps),
});
/** Answer, in the order asked. */
export const opsStatusAnswerSchema = z.object({
  ops: z.array(
    z.object({
      opId: uuidSchema,
      committed: z.boolean(),
      logId: uuidSchema.optional(),
      seq: seqSchema.optional(),
    }),
  ),
});
/** See {@link opsStatusAnswerSchema}. */
export type OpsStatusAnswer = z.infer<typeof opsStatusAnswerSchema>;
