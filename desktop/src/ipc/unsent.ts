/** What a sign-out would lose: as numbers for the question, as texts for the file that keeps them. */
import { z } from 'zod';

/** `messages`: texts not sent, edits and cancelled ones included. `changes`: settings, reactions and deletions. */
export const wouldLoseSchema = z.object({ messages: z.int(), drafts: z.int(), changes: z.int() });
/** See {@link wouldLoseSchema}. */
export type WouldLose = z.infer<typeof wouldLoseSchema>;

/** A text that only this device has. */
export interface UnsentText {
  readonly kind: 'message' | 'edit' | 'draft';
  /** Title, or the person it is with; null when this device does not know it. */
  readonly conversation: string | null;
  readonly text: string;
  /** Wall clock of this device, ms; null for drafts. */
  readonly writtenAtMs: number | null;
}
