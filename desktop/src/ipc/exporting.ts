/**
 * Intents of an export: what this device holds, as files. Owns their requests and answers; `intents.ts` names them. Whoever
 * asks for it drives it step by step, so progress, pause and cancel need nothing else.
 */
import { z } from 'zod';
import { exportTextsSchema } from '@curlew/shared/domain/export-pages.ts';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';

const onExport = z.strictObject({ exportId: uuidSchema });

/** See the head of this file. */
export const exportIntents = {
  /** Asks where to; null when no place was chosen. One conversation, or (null) all. `texts`: the words of the pages. */
  'export.start': {
    handledBy: 'core',
    request: z.strictObject({ conversationId: uuidSchema.nullable(), texts: exportTextsSchema }),
    answer: z.object({ exportId: uuidSchema.nullable() }),
  },
  /** Writes a little more. `folder`: where it is, once all of it is there. */
  'export.step': {
    handledBy: 'core',
    request: onExport,
    answer: z.object({
      done: z.int().min(0),
      total: z.int().min(0),
      messages: z.int().min(0),
      folder: z.string().nullable(),
    }),
  },
  /** Ends it and removes what was written. */
  'export.cancel': { handledBy: 'core', request: onExport, answer: z.object({}) },
} as const;
