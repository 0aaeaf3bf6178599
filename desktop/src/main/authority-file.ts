/** Reading a file of certificates that a person chose to trust. Owns what may be trusted: current certificates of authorities. */
import { X509Certificate } from 'node:crypto';
import type { OwnAuthority } from '../ipc/network.ts';
import { certificatesIn } from './extra-authorities.ts';

/** The certificates of a file, and what a person is told of them; or why none of it is taken. */
export type AuthorityFile =
  | { readonly pem: readonly string[]; readonly facts: OwnAuthority }
  | { readonly fault: 'noCertificate' | 'privateKey' | 'notAuthority' | 'expired' };

/** A bundle of every authority in the world is 250 KB; what is larger is something else. */
export const MAX_AUTHORITY_BYTES = 1_000_000;

/** Reads the text of a PEM file. All of it must be good: a certificate that is silently left out would puzzle people. */
export function readAuthorityFile(text: string, nowMs: number): AuthorityFile {
  // Whoever has a private key in the file meant another one, and it is not for us to keep.
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/u.test(text)) return { fault: 'privateKey' };
  const pem = certificatesIn(text);
  const certificates = pem.map(parse);
  const [first] = certificates;
  if (!first || certificates.includes(undefined)) return { fault: 'noCertificate' };
  const known = certificates.filter((each) => each !== undefined);
  if (known.some((each) => !each.ca)) return { fault: 'notAuthority' };
  const validToMs = Math.min(...known.map((each) => Date.parse(each.validTo)));
  if (validToMs < nowMs) return { fault: 'expired' };
  return { pem, facts: { subject: nameOf(first), certificates: known.length, validToMs } };
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    // Its frame is that of a certificate, its content is not.
    return undefined;
  }
}

/** The name people know it by: its common name, else its organization, else all there is. */
function nameOf({ subject }: X509Certificate): string {
  const lines = (subject ?? '').split('\n');
  const of = (part: string): string | undefined =>
    lines.find((line) => line.startsWith(`${part}=`))?.slice(part.length + 1);
  const [name, organization] = [of('CN'), of('O')];
  if (name !== undefined && organization !== undefined && name !== organization)
    return `${name} (${organization})`;
  return name ?? organization ?? lines.join(', ');
}
