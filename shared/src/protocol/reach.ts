/** How far an announcement got: counts over those it was sent to, and who is missing. */
import { z } from 'zod';
import { audienceSchema } from '../domain/message.ts';
import { textSchema, uuidSchema } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';

/** A step an announcement takes with each reader. */
export const reachStepSchema = z.enum(['delivered', 'read', 'acknowledged']);
/** See {@link reachStepSchema}. */
export type ReachStep = z.infer<typeof reachStepSchema>;

const count = z.int().min(0);
const counts = {
  /** those who were in the channel when it was said and still are; the author is none of them */
  people: count,
  delivered: count,
  /** as far as they share what they read; acknowledging tells it too */
  read: count,
  acknowledged: count,
};

/** What `GET messages/:id/reach` is asked: of which step the missing are named. */
export const reachQuerySchema = z.strictObject({ missing: reachStepSchema.default('read') });

/** Answer of `GET messages/:id/reach`. */
export const reachSchema = z.object({
  requiresAck: z.boolean(),
  total: z.object(counts),
  /** by site, then by unit, each by name; somebody may belong to several of them or to none */
  places: z.array(
    z.object({
      scope: audienceSchema.shape.scope.exclude(['org']),
      id: uuidSchema,
      name: textSchema(limits.nameBytes),
      ...counts,
    }),
  ),
  missing: z.object({
    step: reachStepSchema,
    count,
    /** by name, no more than `limits.reachNames` of them */
    people: z.array(z.object({ userId: uuidSchema, name: z.string() })),
  }),
});
/** See {@link reachSchema}. */
export type Reach = z.infer<typeof reachSchema>;
