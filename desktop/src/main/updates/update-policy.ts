/**
 * Rules of updating that need no network: where the feed is, whose signature counts, which version is older, and when
 * the server stops taking this one. Owns no state.
 */
import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { isOlder } from '@curlew/shared/lib/versions.ts';
import type { UpdateDeadline } from '../../ipc/settings-views.ts';

const DAY_MS = 86_400_000;

/** What a build knows about its updates, in the packaged package.json. Without a key it never updates itself. */
export const updateOriginSchema = z.object({
  feedUrl: z.string().optional(),
  /** Ed25519, SPKI in base64. */
  publicKey: z.string().optional(),
});
/** See {@link updateOriginSchema}. */
export type UpdateOrigin = z.infer<typeof updateOriginSchema>;

/** What the server says about the apps it wants to see. */
export interface ClientPolicy {
  readonly feedUrl: string | null;
  readonly minimum: { readonly version: string; readonly fromMs: number } | null;
}

/**
 * Where to look for updates: whoever administers this computer decides, then the organisation's server, then the build.
 * Any of them only names a place; what is there must be signed with the key of the build.
 * @param administered `CURLEW_UPDATE_FEED`: an address, or `none`
 * @returns undefined where updates are off
 */
export function feedUrlOf(
  administered: string | undefined,
  server: string | null,
  origin: UpdateOrigin,
): string | undefined {
  if (origin.publicKey === undefined || administered === 'none') return undefined;
  return (
    [administered, server, origin.feedUrl].find((url) => typeof url === 'string' && isSafe(url)) ?? undefined
  );
}

/** Encrypted, or on this machine. */
function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  );
}

/**
 * Whether a feed is what the holder of the key released.
 * @param signature base64, as the file beside the feed has it
 * @param publicKey SPKI in base64
 */
export function isSigned(feed: string, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    // Another kind of key would make `verify` ask for a digest; only this one is ever released with.
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, Buffer.from(feed), key, Buffer.from(signature.trim(), 'base64'));
  } catch {
    return false;
  }
}

/** When the server stops taking this version, from 30 days before; null: not in sight. */
export function deadlineOf(
  version: string,
  minimum: ClientPolicy['minimum'],
  nowMs: number,
): UpdateDeadline | null {
  if (minimum === null || !isOlder(version, minimum.version)) return null;
  const leftMs = minimum.fromMs - nowMs;
  if (leftMs > 30 * DAY_MS) return null;
  const stage = leftMs > 7 * DAY_MS ? 'days30' : leftMs > DAY_MS ? 'days7' : leftMs > 0 ? 'day1' : 'passed';
  return { version: minimum.version, atMs: minimum.fromMs, stage };
}
