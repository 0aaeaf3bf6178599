/** Intents of reading: how far, and where in the history. Owns their requests and answers; `intents.ts` names them. */
import { z } from 'zod';
import { seqSchema, timeMsSchema, uuidSchema } from '@curlew/shared/domain/ids.ts';

const none = z.strictObject({});
const nothing = z.object({});
const onConversation = z.strictObject({ conversationId: uuidSchema });
const onThread = z.strictObject({ conversationId: uuidSchema, rootId: uuidSchema, fromSeq: seqSchema });

/** See the head of this file. */
export const readingIntents = {
  'conversation.markUnread': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema, fromSeq: seqSchema }),
    answer: nothing,
  },
  'conversation.markRead': { handledBy: 'core', request: onConversation, answer: nothing },
  /** `marked`: what was unread, by its first unread message, so that it can be marked unread again. */
  'conversation.markAllRead': {
    handledBy: 'core',
    request: none,
    answer: z.object({
      marked: z.array(z.object({ conversationId: uuidSchema, fromSeq: seqSchema })),
      threads: z.array(onThread),
    }),
  },
  /** Takes back, for half a minute, that `markAllRead` read the replies of a thread from there on. */
  'thread.markUnread': { handledBy: 'core', request: onThread, answer: nothing },
  /** Tries a failed history hole again. */
  'history.retry': { handledBy: 'core', request: onConversation, answer: nothing },
  /** The first message since a moment, else the last before it; by what is held here while there is no network. */
  'history.jumpToDate': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema, atMs: timeMsSchema }),
    answer: z.object({ messageId: uuidSchema }),
  },
} as const;
