/** Items of other systems and announcements over IPC: their intents. `intents.ts` names them. */
import { z } from 'zod';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { audienceSchema, conversationLinkSchema, webUrlSchema } from '@curlew/shared/domain/message.ts';
import { titleSchema } from '@curlew/shared/protocol/ops.ts';
import { reachSchema, reachStepSchema } from '@curlew/shared/protocol/reach.ts';

/** Intents about linked conversations and announcements; all but the reach work offline. */
export const linkedIntents = {
  /**
   * The conversation of an item of another system, in an organization or (null) in any; null when this device knows none
   * and none is to be made. `create`: makes it, also offline, and joins the one there is.
   */
  'linked.open': {
    handledBy: 'core',
    request: z.strictObject({
      orgId: uuidSchema.nullable(),
      type: conversationLinkSchema.shape.type,
      id: conversationLinkSchema.shape.id,
      create: z
        .strictObject({
          orgId: uuidSchema,
          title: titleSchema,
          url: webUrlSchema,
          memberIds: z.array(uuidSchema).max(limits.createMembers),
        })
        .nullable(),
    }),
    answer: z.object({ conversationId: uuidSchema.nullable() }),
  },
  /** Ends a conversation, so that nobody can write in it, or opens it again. */
  'conversation.setClosed': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema, isClosed: z.boolean() }),
    answer: z.object({}),
  },
  /** Opens a channel in which those who run it speak to everybody of the audience. */
  'announcement.create': {
    handledBy: 'core',
    request: z.strictObject({ orgId: uuidSchema, title: titleSchema, audience: audienceSchema }),
    answer: z.object({ conversationId: uuidSchema }),
  },
  /** How far an announcement got, for those who run its channel; asks the server. */
  'message.reach': {
    handledBy: 'core',
    request: z.strictObject({
      conversationId: uuidSchema,
      messageId: uuidSchema,
      missing: reachStepSchema,
    }),
    answer: reachSchema,
  },
} as const;
