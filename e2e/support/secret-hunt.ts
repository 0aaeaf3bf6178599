/**
 * Looks for secrets where none may be: in files, in what programs printed, in what the system tells of processes. Owns
 * the forms in which a secret could stand there, and overhearing which ones a server gave out.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A place a secret was found in, and as what. Never holds the secret itself. */
export interface Leak {
  readonly place: string;
  readonly secret: string;
  readonly form: string;
}

/** Secrets by what they are. */
export type Secrets = ReadonlyMap<string, string>;

interface Needle {
  readonly secret: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** The bytes a secret would stand as: plain, two bytes a character, in an address, in hex, and in base64. */
export function formsOf(secret: string): { form: string; bytes: Buffer }[] {
  const plain = Buffer.from(secret, 'utf8');
  const wide = Buffer.from(secret, 'utf16le');
  return [
    { form: 'plain', bytes: plain },
    { form: 'utf-16', bytes: wide },
    { form: 'utf-16 big-endian', bytes: Buffer.from(wide).swap16() },
    { form: 'percent-encoded', bytes: Buffer.from(encodeURIComponent(secret)) },
    { form: 'form-encoded', bytes: Buffer.from(encodeURIComponent(secret).replaceAll('%20', '+')) },
    { form: 'hex', bytes: Buffer.from(plain.toString('hex')) },
    ...inBase64(plain, 'base64'),
    ...inBase64(plain, 'base64url'),
    ...inBase64(wide, 'base64', 'base64 of utf-16'),
  ];
}

/** Inside of other text, base64 looks different at each of three offsets, and at both ends it depends on the neighbours. */
function inBase64(secret: Buffer, encoding: 'base64' | 'base64url', form: string = encoding) {
  return [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), secret]);
    const text = padded.subarray(0, padded.length - (padded.length % 3)).toString(encoding);
    return { form, bytes: Buffer.from(text.slice(offset === 0 ? 0 : 4)) };
  });
}

/** Looks for secrets in every form. */
export function searchFor(secrets: Secrets): (place: string, bytes: Buffer) => Leak[] {
  const needles: Needle[] = [...secrets].flatMap(([secret, text]) =>
    formsOf(text).map((form) => ({ secret, ...form })),
  );
  return (place, bytes) =>
    needles
      .filter((needle) => bytes.includes(needle.bytes))
      .map(({ secret, form }) => ({ place, secret, form }));
}

/** Every file of a folder, as often as it can be read at all: journals come and go. */
export function* filesOf(folder: string): Generator<{ place: string; bytes: Buffer }> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    if (existsSync(file)) yield { place: relative(folder, file), bytes: readFileSync(file) };
  }
}

/** The arguments and environment of a process and of all that it started, as every program of this person can read them. */
export function* processFacts(pid: number): Generator<{ place: string; bytes: Buffer }> {
  for (const name of ['cmdline', 'environ']) {
    yield { place: `${name} of process ${pid}`, bytes: readFileSync(`/proc/${pid}/${name}`) };
  }
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
    for (const child of children.split(' ').filter(Boolean)) yield* processFacts(Number(child));
  }
}

/** Keeps what went over the wire, to know which tokens were given out. */
export class Overheard {
  readonly #connections: Buffer[][] = [];

  /** For a proxy: hears one direction of one connection. */
  readonly listen = (): ((chunk: Buffer) => void) => {
    const chunks: Buffer[] = [];
    this.#connections.push(chunks);
    return (chunk) => chunks.push(chunk);
  };

  /** The different tokens of a kind so far. */
  tokens(kind: 'accessToken' | 'refreshToken'): string[] {
    const said = this.#connections.map((chunks) => Buffer.concat(chunks).toString('utf8'));
    const found = said.flatMap((text) => [...text.matchAll(new RegExp(`"${kind}":"([^"]+)"`, 'g'))]);
    return [...new Set(found.map((match) => match[1] ?? ''))];
  }
}
