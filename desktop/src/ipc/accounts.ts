/**
 * The accounts of this profile, side by side: which there are, which one a window shows, and the way to another. Main
 * owns them; a core knows its own only.
 */
import { z } from 'zod';

/** An account somebody is signed in to, as the menu shows it. */
export interface AccountRow {
  /** Its slot in the profile; see `main/account-slots.ts`. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly serverUrl: string;
  /** Conversations that notify: what it adds to the badge. */
  readonly unread: number;
  readonly needsSignIn: boolean;
}

/** The view `accounts`. `current` is of none of the rows while an account is being added. */
export interface AccountsMeta {
  readonly current: string;
  readonly accounts: readonly AccountRow[];
}

/** Slots are numbered. */
export const slotSchema = z.string().regex(/^[1-9]\d{0,3}$/u);

const nothing = z.object({});

/** Intents about the accounts of the profile; `intents.ts` names them. */
export const accountIntents = {
  /** Shows another account in this window. */
  'accounts.show': { handledBy: 'main', request: z.strictObject({ account: slotSchema }), answer: nothing },
  /** Shows the sign-in of one more account; the others stay as they are. */
  'accounts.add': { handledBy: 'main', request: z.strictObject({}), answer: nothing },
} as const;
