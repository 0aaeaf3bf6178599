/**
 * Passwords: argon2id, and which ones are refused. Promises constant work: verifying against an account that does not
 * exist takes as long as against one that does, so that nobody learns who has an account from a stopwatch.
 */
import { hash, verify } from '@node-rs/argon2';

// The library's enum is a const enum, which type stripping cannot read.
const ARGON2ID = 2;
// OWASP's recommendation for argon2id (19 MiB, 2 passes); about 20 ms on a laptop core.
const options = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const MIN_CHARACTERS = 10;

/**
 * The passwords of ten characters or more that lead the published lists of leaked ones. Compared without case and
 * without a tail of digits or marks, so that "password12!" is among them.
 */
const commonStems = new Set(
  `password passwordpassword qwertyuiop qwertyqwerty qwertyuiopasdfghjkl asdfghjkl asdfghjklzxcvbnm zxcvbnm iloveyou
  iloveyouiloveyou letmein letmeinplease administrator welcome welcomewelcome football baseball basketball superman
  princess sunshine sunshinesunshine trustno computer starwars whatever liverpool manchester manchesterunited chocolate
  butterfly unbelievable michelle jennifer alexander elizabeth christopher charlie charliecharlie dragon dragondragon
  monkey monkeymonkey shadow master masterkey internet samsung changeme changemenow secret secretsecret curlew
  curlewcurlew messenger correcthorsebatterystaple abcdefghij abcdefghijkl abcdefghijklmnopqrstuvwxyz aaaaaaaaaa
  qazwsxedc qazwsxedcrfv q1w2e3r4t5 q1w2e3r4t5y6 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc zaq12wsx p@ssw0rd passw0rd pa55word`.split(
    /\s+/,
  ),
);

/** Whether a new password is refused: too short, one repeated or counted-up run, or among the most common. */
export function isWeakPassword(password: string): boolean {
  // oxlint-disable-next-line typescript/no-misused-spread -- code points are what is counted
  if ([...password].length < MIN_CHARACTERS) return true;
  const lower = password.toLowerCase();
  if (commonStems.has(lower) || commonStems.has(lower.replace(/[\d\W_]+$/u, ''))) return true;
  if (new Set(lower).size < 4) return true;
  return '01234567890123456789'.includes(lower) || '98765432109876543210'.includes(lower);
}

/** Hashes a password for storage; the salt and the parameters stand in the result. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, options);
}

let decoy: Promise<string> | undefined;

/**
 * Checks a password.
 * @param stored the account's hash; undefined = no such account, which costs the same time and is never right
 */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('no account has this password');
  const right = await verify(stored ?? (await decoy), password);
  return right && stored !== undefined;
}
