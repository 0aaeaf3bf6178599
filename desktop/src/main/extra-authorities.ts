/**
 * Certificate authorities beside Node's own list, for networks that sign their own certificates. Owns reading the file
 * that `NODE_EXTRA_CA_CERTS` names; Electron's main process does not honour the variable by itself.
 */
import { readFile } from 'node:fs/promises';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The certificates of a PEM file, each on its own. A file that cannot be read holds none. */
export async function readAuthorities(file: string | undefined): Promise<readonly string[]> {
  if (file === undefined || file === '') return [];
  const text = await readFile(file, 'utf8').catch(() => '');
  return certificatesIn(text);
}

/** The certificates of a PEM text, each on its own. */
export function certificatesIn(text: string): readonly string[] {
  return text.match(CERTIFICATE) ?? [];
}
