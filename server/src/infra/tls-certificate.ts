/**
 * The certificate of a server that does TLS itself. Promises that a renewed one is taken up without a restart and
 * without closing a connection, and that a half-written or wrong one leaves the one that works in place.
 */
import { readFile } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { createSecureContext } from 'node:tls';

/** Where certificate (with its chain) and key lie, PEM. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** See the file's head. */
export interface TlsServer {
  readonly server: Server;
  /** Reads the files again; answers whether they are good and in use. */
  readonly reload: () => Promise<boolean>;
  readonly stop: () => void;
}

/** Files are looked at by time and size: an event-based watch loses a renewal that swaps a symbolic link. */
const LOOK_MS = 5_000;

/**
 * Creates an HTTPS server that follows its certificate's files.
 * @throws Error with a sentence when there is no usable certificate to begin with
 */
export async function createTlsServer(
  { certFile, keyFile }: CertificateFiles,
  onReload: (outcome: { readonly ok: boolean; readonly reason?: string }) => void,
): Promise<TlsServer> {
  const read = async (): Promise<{ readonly cert: string; readonly key: string }> => {
    const pair = { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
    // Throws where they do not belong together, before anything is put in use.
    createSecureContext(pair);
    return pair;
  };
  const first = await read().catch((error: unknown) => {
    throw new Error(`The certificate cannot be used: ${messageOf(error)}`, { cause: error });
  });
  const server = createServer({ ...first, minVersion: 'TLSv1.2' });
  const reload = async (): Promise<boolean> => {
    try {
      server.setSecureContext({ ...(await read()), minVersion: 'TLSv1.2' });
      onReload({ ok: true });
      return true;
    } catch (error) {
      onReload({ ok: false, reason: messageOf(error) });
      return false;
    }
  };
  const changed = (): void => void reload();
  for (const file of [certFile, keyFile]) watchFile(file, { interval: LOOK_MS, persistent: false }, changed);
  return {
    server,
    reload,
    stop: () => {
      for (const file of [certFile, keyFile]) unwatchFile(file, changed);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
