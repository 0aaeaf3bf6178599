/**
 * Whether a certificate that Chromium does not trust was issued by one of the authorities this computer was given
 * (`NODE_EXTRA_CA_CERTS`). Node's sockets get those authorities themselves; Chromium's are judged by this.
 */
import { X509Certificate } from 'node:crypto';

/** Longer chains do not occur; a loop of certificates must end. */
const MAX_CHAIN = 8;

/**
 * @param chain PEM, the server's own certificate first, then what it sent with it
 * @param authorities PEM
 */
export function isFromOwnAuthority(
  hostname: string,
  chain: readonly string[],
  authorities: readonly string[],
  nowMs: number,
): boolean {
  try {
    const [leaf, ...others] = chain.slice(0, MAX_CHAIN).map((pem) => new X509Certificate(pem));
    if (!leaf || (leaf.checkHost(hostname) ?? leaf.checkIP(hostname)) === undefined) return false;
    const roots = authorities.map((pem) => new X509Certificate(pem));
    const isCurrent = (certificate: X509Certificate): boolean =>
      Date.parse(certificate.validFrom) <= nowMs && nowMs <= Date.parse(certificate.validTo);
    const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
      issuer.ca &&
      isCurrent(issuer) &&
      certificate.checkIssued(issuer) &&
      certificate.verify(issuer.publicKey);
    let current = leaf;
    for (let step = 0; step < MAX_CHAIN && isCurrent(current); step += 1) {
      const certificate = current;
      if (roots.some((root) => isIssuedBy(certificate, root))) return true;
      const issuer = others.find((other) => isIssuedBy(certificate, other));
      if (!issuer) return false;
      current = issuer;
    }
    return false;
  } catch {
    // Not a certificate: nobody issued it.
    return false;
  }
}
