/**
 * The renderer's own address space, `curlew-app://app/`. Owns which file an address names and the headers it is
 * served with. Nothing outside the renderer's folder can be named.
 */
import path from 'node:path';

/** Scheme of the renderer's pages; registered as standard and secure, so that it has an origin of its own. */
export const APP_SCHEME = 'curlew-app';
const APP_HOST = 'app';
/** First page of every window. */
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** No inline script or style, nothing from elsewhere, no connection: data comes over the bridge only. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Whether an address belongs to the renderer; `developmentUrl` is the bundler's server while developing. */
export function isOwnUrl(address: string, developmentUrl?: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol === `${APP_SCHEME}:` && url.host === APP_HOST) return true;
  return developmentUrl !== undefined && url.origin === new URL(developmentUrl).origin;
}

/**
 * The file an address names.
 * @param rendererDir absolute folder of the built renderer
 * @returns undefined for an address outside the folder or of a kind that is not served
 */
export function rendererFile(address: string, rendererDir: string): string | undefined {
  if (!isOwnUrl(address)) return undefined;
  const pathname = decodePath(new URL(address).pathname);
  if (pathname === undefined || pathname.includes('\0') || pathname.includes('\\')) return undefined;
  const file = path.join(rendererDir, pathname);
  const isInside = file.startsWith(rendererDir + path.sep);
  return isInside && path.extname(file) in contentTypes ? file : undefined;
}

/** Headers of a served file. */
export function rendererHeaders(file: string): Record<string, string> {
  return {
    'content-type': contentTypes[path.extname(file)] ?? 'application/octet-stream',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
}

function decodePath(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    // A lone percent sign: no file of ours is called that.
    return undefined;
  }
}
