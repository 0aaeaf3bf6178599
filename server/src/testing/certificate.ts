/** A self-signed certificate for this machine, made anew by openssl: committed ones expire. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes one with this common name. @throws Error where openssl is not installed */
export function makeCertificate(name: string): { readonly cert: string; readonly key: string } {
  const dir = mkdtempSync(join(tmpdir(), 'curlew-certificate-'));
  try {
    const [config, key, cert] = [join(dir, 'openssl.cnf'), join(dir, 'key.pem'), join(dir, 'cert.pem')];
    writeFileSync(config, '[req]\ndistinguished_name = name\n[name]\n');
    const options = ['req', '-x509', '-config', config, '-nodes', '-days', '2', '-subj', `/CN=${name}`];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', key, '-out', cert];
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
    const made = spawnSync('openssl', [...options, ...curve, ...names], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
