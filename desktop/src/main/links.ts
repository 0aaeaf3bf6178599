/**
 * Links that leave the app. Owns the rule which addresses may be handed to the operating system: a scheme that opens
 * a web page or a mail draft, never one that runs a program or reads a file.
 */

const ALLOWED_SCHEMES = new Set(['https:', 'http:', 'mailto:']);

/**
 * Checks an address before it is opened outside.
 * @returns its normalised form, which is what must be opened, or undefined when it may not be opened
 */
export function externalLink(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!ALLOWED_SCHEMES.has(url.protocol)) return undefined;
  // A name or password in a link is only ever a disguise for its real host.
  if (url.username !== '' || url.password !== '') return undefined;
  return url.href;
}
