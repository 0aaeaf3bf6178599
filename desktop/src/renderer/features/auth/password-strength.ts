/** A rough strength for the bar under the password field. The server decides; this only encourages. */

/** Shortest password the server takes. */
export const minPasswordLength = 10;

/** Strength names from weakest to strongest. */
export type Strength = 'weak' | 'fair' | 'good' | 'strong';

/** Length counts most, kinds of characters a little. */
export function passwordStrength(password: string): Strength {
  const { length } = Array.from(password);
  if (length < minPasswordLength) return 'weak';
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) =>
    kind.test(password),
  ).length;
  const variety = new Set(password).size;
  if (variety < 5) return 'weak';
  if (length >= 16 && variety >= 8) return 'strong';
  return length >= 12 || kinds >= 3 ? 'good' : 'fair';
}
