/** Hashes of the oracle, written from the protocol's text: canonical JSON, op hash and chain. Imports Node alone. */
import { createHash } from 'node:crypto';

type Json = Record<string, unknown>;

/** Hash of an op's meaning: what said how it was sent is left out. */
export function hashOf(op: Json): string {
  const meaning = Object.fromEntries(
    Object.entries(op).filter(([key]) => key !== 'fence' && key !== 'seenSeq'),
  );
  return createHash('sha256').update(canonical(meaning)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

/** The chain after one more event. */
export function nextChain(
  previous: string,
  logId: string,
  seq: number,
  opId: string,
  opHash: string,
): string {
  const position = Buffer.alloc(8);
  position.writeBigInt64BE(BigInt(seq));
  const hex = (text: string): Buffer => Buffer.from(text.replaceAll('-', ''), 'hex');
  const link = Buffer.concat([hex(previous), hex(logId), position, hex(opId), hex(opHash)]);
  return createHash('sha256').update(link).digest('hex').slice(0, 16);
}

/** A valid UUID from any text. */
export function fakeId(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
