/** Search over HTTP. Owns the question and the answer; the grammar of `query` is `domain/search.ts`. */
import { z } from 'zod';
import { textSchema, uuidSchema } from '../domain/ids.ts';
import { messageSchema } from '../domain/message.ts';

/** `GET /api/search`: its query. `utcOffsetMinutes` says when a day begins for whoever searches. */
export const searchRequestSchema = z.strictObject({
  query: textSchema(2_000, 1),
  conversationId: uuidSchema.optional(),
  cursor: z.string().max(64).optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(100)).default(20),
  utcOffsetMinutes: z.coerce.number().pipe(z.int().min(-840).max(840)).default(0),
});
/** See {@link searchRequestSchema}. */
export type SearchRequest = z.infer<typeof searchRequestSchema>;

/**
 * Messages found, newest first, as history shows them. `cursor` goes on; absent: everything was looked at. `truncated`:
 * the server stopped early, there may be more even if this page is short.
 */
export const searchAnswerSchema = z.object({
  messages: z.array(messageSchema),
  cursor: z.string().optional(),
  truncated: z.boolean(),
});
/** See {@link searchAnswerSchema}. */
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;
