/**
 * A report for whoever helps: what runs here and how it is, without anything a person wrote. Owns its intents and what the
 * core says of itself: numbers and codes only.
 */
import { z } from 'zod';

const counts = z.record(z.string(), z.int());
/** `skipped`: the file is so large that checking it would hold everything up; it is checked after an unclean end. */
const health = z.enum(['ok', 'damaged', 'skipped']);

/** What the core says of the open account; null where nobody is signed in. */
export const coreFactsSchema = z.object({
  accounts: z.int(),
  account: z
    .object({
      needsSignIn: z.boolean(),
      keyring: z.string(),
      connection: z.string(),
      error: z.string().nullable(),
      lastContactMs: z.number().nullable(),
      organizations: z.int(),
      notices: z.array(z.string()),
      /** Rows by table of the cache. */
      cache: counts,
      /** Logs that are behind the server's, and events this version cannot read. */
      behind: z.int(),
      unread: z.int(),
      /** Ops by state, and by code of those that failed. */
      outbox: counts,
      failures: counts,
      drafts: z.int(),
      isSearchIndexed: z.boolean(),
      health: z.object({ cache: health, outbox: health }),
    })
    .nullable(),
});
/** See {@link coreFactsSchema}. */
export type CoreFacts = z.infer<typeof coreFactsSchema>;

/** Folders of this profile that a person may look into. */
export const profileFolders = ['data', 'logs'] as const;

/** Intents of Settings > Advanced; `intents.ts` names them. */
export const diagnosticsIntents = {
  'diagnostics.facts': { handledBy: 'core', request: z.strictObject({}), answer: coreFactsSchema },
  /** Writes the report, for a person to read before it goes anywhere. */
  'diagnostics.make': {
    handledBy: 'main',
    request: z.strictObject({}),
    answer: z.object({ text: z.string() }),
  },
  /** Asks where to, and saves the report that was made last; BAD_REQUEST when none was. */
  'diagnostics.save': {
    handledBy: 'main',
    request: z.strictObject({}),
    answer: z.object({ saved: z.boolean() }),
  },
  /** Shows a folder in the system's own window. */
  'app.openFolder': {
    handledBy: 'main',
    request: z.strictObject({ folder: z.enum(profileFolders) }),
    answer: z.object({}),
  },
} as const;
