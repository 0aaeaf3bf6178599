/**
 * The hash chain of a log. Owns the two byte formats that server, desktop and any foreign client must agree on;
 * the vectors in `docs/protocol.md` are computed from here and the server's SQL is tested against them.
 *
 * opHash   = SHA-256(canonical JSON of the op as received, without `fence` and `seenSeq`), 64 hex digits
 * chain(0) = 8 zero bytes
 * chain(n) = first 8 bytes of SHA-256(chain(n-1) 8 B ‖ logId 16 B ‖ seq int64 big-endian ‖ opId 16 B ‖ opHash 32 B)
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from './canonical-json.ts';

/** The chain of an empty log: 8 zero bytes as 16 hex digits. */
export const EMPTY_CHAIN = '0000000000000000';

/** Fields of an op that say how it was sent, not what it says; they may differ between two attempts. */
const TRANSPORT_FIELDS = new Set(['fence', 'seenSeq']);

/** Hash of an op's meaning, as 64 hex digits. Two attempts of one op always hash alike. */
export function opHashOf(op: object): string {
  const meaning = Object.fromEntries(Object.entries(op).filter(([key]) => !TRANSPORT_FIELDS.has(key)));
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(meaning))));
}

/** The event fields the chain covers. Payloads are left out on purpose: scrubbing a body keeps the chain whole. */
export interface ChainLink {
  readonly logId: string;
  readonly seq: number;
  readonly opId: string;
  readonly opHash: string;
}

/**
 * Extends a chain by one event.
 * @param previous chain before the event, 16 hex digits; {@link EMPTY_CHAIN} before the first
 * @returns the chain after the event, 16 hex digits
 */
export function nextChain(previous: string, link: ChainLink): string {
  return bytesToHex(sha256(chainBytes(previous, link)).subarray(0, 8));
}

/**
 * The 80 bytes whose SHA-256 begins with the chain after an event, for a caller with a hash of its own. The buffer is
 * reused by the next call.
 */
export function chainBytes(previous: string, link: ChainLink): Uint8Array {
  putHex(0, previous);
  putHex(8, link.logId);
  linkView.setUint32(24, Math.floor(link.seq / 0x1_0000_0000));
  linkView.setUint32(28, link.seq >>> 0);
  putHex(32, link.opId);
  putHex(48, link.opHash);
  return linkBytes;
}

// Every event of a catch-up passes here: one buffer for all, filled in place, costs a third of joining parts.
const linkBytes = new Uint8Array(80);
const linkView = new DataView(linkBytes.buffer);
const DASH = 0x2d;

/** Writes hex digits (a UUID's dashes left out) into the link from `offset` on. */
function putHex(offset: number, hex: string): void {
  for (let at = 0; at < hex.length; at += 2) {
    if (hex.charCodeAt(at) === DASH) at += 1;
    linkBytes[offset] = (digitOf(hex.charCodeAt(at)) << 4) | digitOf(hex.charCodeAt(at + 1));
    offset += 1;
  }
}

// '0'..'9' are 0x30..0x39, 'a'..'f' 0x61..0x66, and the schemas let nothing else in.
function digitOf(charCode: number): number {
  return charCode < 0x3a ? charCode - 0x30 : charCode - 0x57;
}
