/** UUIDs, RFC 9562. Owns their making from injected time and randomness, so that simulations repeat. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Makes a UUIDv7 (RFC 9562 section 5.7). Its time only helps indexes; nobody may trust or compare it.
 * @param timeMs milliseconds since 1970
 * @param random at least 10 random bytes; more are ignored
 */
export function uuidV7(timeMs: number, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError('a UUIDv7 needs 10 random bytes');
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(timeMs / 0x1_0000_0000));
  view.setUint32(2, timeMs >>> 0);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return format(bytes);
}

/**
 * The id that follows from others (UUIDv8): the same parts always give the same id, so that what a repeated request
 * makes beside its op is found again instead of made twice.
 */
export function derivedUuid(...parts: readonly string[]): string {
  const bytes = sha256(utf8ToBytes(parts.join('\u0000'))).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return format(bytes);
}

function format(bytes: Uint8Array): string {
  const hex = bytesToHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
