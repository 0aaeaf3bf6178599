/**
 * What a person plans, keeps and passes on, over IPC: scheduled, saved and forwarded messages. Owns requests, answers
 * and rows of these; `intents.ts` and `views.ts` name them.
 */
import { z } from 'zod';
import { scheduledSchema } from '@curlew/shared/domain/entries.ts';
import { timeMsSchema, uuidSchema } from '@curlew/shared/domain/ids.ts';
import { messageTextSchema } from '@curlew/shared/protocol/ops.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';

const nothing = z.object({});
const onScheduled = z.strictObject({ messageId: uuidSchema });

/** Intents about scheduled messages; all work offline. */
export const scheduledIntents = {
  /** The server sends it at that time, also while every device of its author is off. */
  'message.schedule': {
    handledBy: 'core',
    request: scheduledSchema.omit({ refused: true }),
    answer: z.object({ messageId: uuidSchema }),
  },
  /** Another text or time; also how a refused one is tried again. */
  'scheduled.change': {
    handledBy: 'core',
    request: z.strictObject({ messageId: uuidSchema, text: messageTextSchema, sendAtMs: timeMsSchema }),
    answer: nothing,
  },
  'scheduled.sendNow': { handledBy: 'core', request: onScheduled, answer: nothing },
  /** Puts its text behind what stands in the conversation's draft, and takes it off the schedule. */
  'scheduled.toDraft': {
    handledBy: 'core',
    request: onScheduled,
    answer: z.object({ conversationId: uuidSchema }),
  },
  'scheduled.remove': { handledBy: 'core', request: onScheduled, answer: nothing },
} as const;

/** A scheduled message. */
export interface ScheduledRow {
  readonly messageId: string;
  readonly conversationId: string;
  readonly conversationTitle: string;
  readonly text: string;
  readonly sendAtMs: number;
  /** It goes to a thread. */
  readonly isInThread: boolean;
  /** Only this device knows it so far: the server cannot send it before it does. */
  readonly isPending: boolean;
  /** Why the server could not send it; null while it waits for its time. */
  readonly error: ErrorBody | null;
}
