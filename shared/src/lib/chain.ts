/**
 * The hash chain of a log. Owns the two byte formats that server, desktop and any foreign client must agree on;
 * the vectors in `docs/protocol.md` are computed from here and the server's SQL is tested against them.
 *
 * opHash   = SHA-256(canonical JSON of the op as received, without `fence` and `seenSeq`), 64 hex digits
 * chain(0) = 8 zero bytes
 * chain(n) = first 8 bytes of SHA-256(chain(n-1) 8 B ‖ logId 16 B ‖ seq int64 big-endian ‖ opId 16 B ‖ opHash 32 B)
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
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
  const seqBytes = new Uint8Array(8);
  const view = new DataView(seqBytes.buffer);
  view.setUint32(0, Math.floor(link.seq / 0x1_0000_0000));
  view.setUint32(4, link.seq >>> 0);
  const digest = sha256(
    concatBytes(
      hexToBytes(previous),
      uuidBytes(link.logId),
      seqBytes,
      uuidBytes(link.opId),
      hexToBytes(link.opHash),
    ),
  );
  return bytesToHex(digest.subarray(0, 8));
}

function uuidBytes(uuid: string): Uint8Array {
  return hexToBytes(uuid.replaceAll('-', ''));
}
