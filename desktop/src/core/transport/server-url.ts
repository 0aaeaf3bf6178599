/** Server addresses as people type them. Owns normalising and the rule that plain http is for loopback only. */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';

/**
 * The origin of an address: `chat.example.org` becomes `https://chat.example.org`.
 * @returns INSECURE_ADDRESS for plain http to another machine, BAD_REQUEST for what is no address
 */
export function normaliseServerUrl(text: string): Result<string, ErrorBody> {
  const trimmed = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//iu.test(trimmed)
    ? trimmed
    : `${schemeFor(trimmed)}://${trimmed}`;
  if (!URL.canParse(withScheme)) return err(errorBody('BAD_REQUEST', { detail: 'serverUrl' }));
  const url = new URL(withScheme);
  if (url.protocol === 'https:') return ok(url.origin);
  if (url.protocol !== 'http:') return err(errorBody('BAD_REQUEST', { detail: 'serverUrl' }));
  return isLoopback(url.hostname) ? ok(url.origin) : err(errorBody('INSECURE_ADDRESS'));
}

/** Whether a host name can only mean this computer. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/gu, '').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/u.test(name);
}

function schemeFor(address: string): 'http' | 'https' {
  const url = `https://${address}`;
  return URL.canParse(url) && isLoopback(new URL(url).hostname) ? 'http' : 'https';
}
