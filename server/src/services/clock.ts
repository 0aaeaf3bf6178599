/** Time and randomness as ports, so that tests of rules about them do not wait. */
import { randomBytes } from 'node:crypto';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';

/** Now, in ms since 1970. */
export type Now = () => number;

/** A fresh UUIDv7. */
export function newId(): string {
  return uuidV7(Date.now(), randomBytes(10));
}
