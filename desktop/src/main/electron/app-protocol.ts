/** Serves the renderer's files under their own scheme; reading works from inside the packaged archive too. */
import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { APP_SCHEME, rendererFile, rendererHeaders } from '../renderer-files.ts';

/** Must run before the app is ready: gives the scheme an origin, a secure context and a code cache. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }]);
}

/** Answers requests of the scheme; runs once the app is ready. */
export function serveRenderer(rendererDir: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const file = request.method === 'GET' ? rendererFile(request.url, rendererDir) : undefined;
    if (file === undefined) return new Response(null, { status: 404 });
    try {
      return new Response(new Uint8Array(await readFile(file)), { headers: rendererHeaders(file) });
    } catch {
      return new Response(null, { status: 404 });
    }
  });
}
