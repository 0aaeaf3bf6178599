/** The set-up code: proves that who founds the first organisation can read the server's output. Lives in memory only. */
import { randomInt, timingSafeEqual } from 'node:crypto';
import { hashToken } from './refresh-rotation.ts';

// Without 0, 1, I, L, O and U: what is read from a terminal and typed must not be ambiguous.
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Random characters that people can read out; 4.9 bits each. */
export function readableCode(groups: number, length = 4): string {
  const group = () => Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: groups }, group).join('-');
}

/** How a typed code is compared: without case, blanks and hyphens. */
export function normalCode(code: string): string {
  return code.toUpperCase().replace(/[\s-]/g, '');
}

/** See the file's head. */
export interface SetupCode {
  readonly text: string;
  /** Compares in constant time; false for ever once spent. */
  matches(typed: string): boolean;
  spend(): void;
}

/** Makes this run's code: 12 characters, 58 bits, behind a rate limit. */
export function createSetupCode(): SetupCode {
  const text = readableCode(3);
  const expected = hashToken(normalCode(text));
  let spent = false;
  return {
    text,
    matches: (typed) => timingSafeEqual(hashToken(normalCode(typed)), expected) && !spent,
    spend: () => {
      spent = true;
    },
  };
}
