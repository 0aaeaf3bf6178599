/** Certificates for tests, made anew by openssl for each run: committed ones expire. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key, PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** What {@link makeCertificates} makes. */
export interface TestCertificates {
  /** An authority that no computer knows. */
  readonly authority: string;
  /** For this computer, signed by {@link TestCertificates.authority}. */
  readonly signed: Certificate;
  /** For this computer, signed by itself. */
  readonly selfSigned: Certificate;
  /** Signed by the authority, for another host. */
  readonly forAnotherHost: Certificate;
}

const LOCAL = 'IP:127.0.0.1,DNS:localhost';

/** Makes them, or undefined where openssl is not installed. */
export function makeCertificates(): TestCertificates | undefined {
  if (spawnSync('openssl', ['version']).status !== 0) return undefined;
  const dir = mkdtempSync(join(tmpdir(), 'curlew-certificates-'));
  try {
    const config = join(dir, 'openssl.cnf');
    writeFileSync(config, '[req]\ndistinguished_name = name\n[name]\n');
    const make = (name: string, altNames: string, ...more: string[]): Certificate => {
      const [key, cert] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)];
      const isAuthority = altNames === '';
      const made = spawnSync(
        'openssl',
        [
          ...['req', '-x509', '-config', config, '-nodes', '-days', '2', '-subj', `/CN=Curlew ${name}`],
          ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', key, '-out', cert],
          ...['-addext', isAuthority ? 'basicConstraints=critical,CA:TRUE' : `subjectAltName=${altNames}`],
          ...more,
        ],
        { encoding: 'utf8' },
      );
      if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
      return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    };
    const { cert: authority } = make('authority', '');
    const byAuthority = ['-CA', join(dir, 'authority.pem'), '-CAkey', join(dir, 'authority.key')];
    return {
      authority,
      signed: make('signed', LOCAL, ...byAuthority),
      selfSigned: make('self-signed', LOCAL),
      forAnotherHost: make('other', 'DNS:chat.example.org', ...byAuthority),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
