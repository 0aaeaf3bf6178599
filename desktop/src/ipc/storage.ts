/**
 * What takes space on this device. Owns the intents of Settings > Storage: the files, counted by main; the messages of each
 * conversation, counted by the core in steps that hold nobody up; and emptying the cache.
 */
import { z } from 'zod';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';

const bytes = z.number().min(0);

/** Kinds of files in the profile's folder. `app`: what the program itself keeps. */
export const storageParts = ['messages', 'search', 'outbox', 'logs', 'app'] as const;
/** See {@link storageParts}. */
export type StoragePart = (typeof storageParts)[number];

/** Intents of the page; `intents.ts` names them. */
export const storageIntents = {
  /** Bytes by part, of all accounts on this device; `freeBytes`: what the disk has left, null where it does not say. */
  'storage.files': {
    handledBy: 'main',
    request: z.strictObject({}),
    answer: z.object({
      parts: z.object({ messages: bytes, search: bytes, outbox: bytes, logs: bytes, app: bytes }),
      freeBytes: bytes.nullable(),
    }),
  },
  /**
   * Counts some messages of this account, those after `after` (0 begins). `next`: where to go on, null at the
   * end; `done` of `total`: how far that is. A conversation comes once for each step it has messages in.
   */
  'storage.step': {
    handledBy: 'core',
    request: z.strictObject({ after: z.int().min(0) }),
    answer: z.object({
      next: z.int().nullable(),
      done: z.int(),
      total: z.int(),
      rows: z.array(
        z.object({ conversationId: uuidSchema, title: z.string().nullable(), messages: z.int(), bytes }),
      ),
    }),
  },
  /** Begins the cache of this account anew; what was written here and the sign-in stay. */
  'storage.clear': { handledBy: 'core', request: z.strictObject({}), answer: z.object({}) },
} as const;
