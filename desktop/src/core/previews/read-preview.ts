/**
 * What a page says about itself. Owns reading title, description and name of the site from the head of an HTML page, by
 * a scanner that is linear in its length: the page is a stranger's.
 */
import { limits } from '@curlew/shared/domain/limits.ts';
import { utf8Length } from '@curlew/shared/domain/ids.ts';
import type { LinkPreview } from '@curlew/shared/domain/message.ts';

/** The preview of a page, or null when it has no title. */
export function readPreview(url: string, html: string): LinkPreview | null {
  const facts = factsOf(html);
  const title = facts.get('og:title') ?? facts.get('twitter:title') ?? facts.get('title');
  if (!title) return null;
  return {
    url,
    title: fitted(title, limits.previewBytes),
    description: fitted(facts.get('og:description') ?? facts.get('description') ?? '', limits.previewBytes),
    siteName: fitted(facts.get('og:site_name') ?? new URL(url).hostname, limits.nameBytes),
  };
}

const wanted = new Set(['og:title', 'twitter:title', 'og:description', 'description', 'og:site_name']);

/** The first value of each wanted name. */
function factsOf(html: string): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  const put = (name: string, value: string): void => {
    const text = plain(value);
    if (text !== '' && !facts.has(name)) facts.set(name, text);
  };
  let at = html.indexOf('<');
  while (at >= 0) {
    const end = html.indexOf('>', at);
    if (end < 0) break;
    const tag = html.slice(at + 1, end);
    if (/^\/head|^body[\s/]?/iu.test(tag)) break;
    if (/^title(?:\s|$)/iu.test(tag)) {
      const close = html.indexOf('<', end);
      if (close >= 0) put('title', html.slice(end + 1, close));
    } else if (/^meta\s/iu.test(tag)) {
      const attributes = attributesOf(tag);
      const name = (attributes.get('property') ?? attributes.get('name') ?? '').toLowerCase();
      if (wanted.has(name)) put(name, attributes.get('content') ?? '');
    }
    at = html.indexOf('<', end);
  }
  return facts;
}

function attributesOf(tag: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const match of tag.matchAll(/([a-z:_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/giu)) {
    attributes.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? match[4] ?? '');
  }
  return attributes;
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
};

/** Text without entities, line breaks and what no text may hold. */
function plain(raw: string): string {
  return raw
    .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,8}));/giu, (whole, hex, decimal, name) => {
      if (name) return entities[String(name).toLowerCase()] ?? whole;
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    })
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim();
}

/** The beginning that fits, with an ellipsis where something was cut. */
function fitted(text: string, maxBytes: number): string {
  if (utf8Length(text) <= maxBytes) return text;
  let short = '';
  let bytes = utf8Length('…');
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > maxBytes) break;
    short += character;
  }
  return `${short}…`;
}
