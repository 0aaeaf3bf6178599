/** A server of a test that link previews may ask although it runs on this computer. Never read by a packaged app. */
import type { CoreConfig } from '../ipc/core-port.ts';

/** Reads `host=address:port`; undefined for anything else. */
export function previewTestServer(text: string | undefined): CoreConfig['previewTestServer'] {
  const match = /^([\w.-]+)=([\d.]+):(\d+)$/u.exec(text ?? '');
  const [, host, address, port] = match ?? [];
  return host === undefined || address === undefined ? undefined : { host, address, port: Number(port) };
}
