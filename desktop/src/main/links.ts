/**
 * Links out of the app and into it. Owns the rule which addresses may be handed to the operating system (a scheme that
 * opens a web page or a mail draft, never one that runs a program or reads a file), and what a `curlew:` link may ask.
 */
import { z } from 'zod';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import { conversationLinkSchema, webUrlSchema } from '@curlew/shared/domain/message.ts';
import { titleSchema } from '@curlew/shared/protocol/ops.ts';

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

/** The scheme of links into the app. */
export const APP_SCHEME = 'curlew';
/** No longer link is looked at. */
const MAX_LINK_CHARS = 4_096;

const itemSchema = z.strictObject({
  type: conversationLinkSchema.shape.type,
  id: conversationLinkSchema.shape.id,
  orgId: uuidSchema.nullable(),
  /** the server it is on; null: that of the account that shows */
  serverUrl: z
    .url({ protocol: /^https?$/u })
    .transform((url) => new URL(url).origin)
    .nullable(),
  /** what a conversation about it would be called and lead to; null: it is only to be opened */
  create: z.strictObject({ title: titleSchema, url: webUrlSchema }).nullable(),
});
/** The item of another system whose conversation a link asks for. */
export type ItemLink = z.infer<typeof itemSchema>;

/**
 * Reads `curlew://item?type=…&id=…[&org=…][&server=…][&title=…&url=…]`: the conversation of an item; with a title and an address
 * also how to make one. A page in a browser can send such a link, so it only ever leads to a question: nothing is
 * written before a person says so.
 * @returns undefined for anything else
 */
export function itemLink(address: string): ItemLink | undefined {
  if (address.length > MAX_LINK_CHARS || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== `${APP_SCHEME}:` || url.host !== 'item' || !/^\/?$/u.test(url.pathname))
    return undefined;
  const { searchParams: query } = url;
  const [title, target] = [query.get('title'), query.get('url')];
  const parsed = itemSchema.safeParse({
    type: query.get('type'),
    id: query.get('id'),
    orgId: query.get('org'),
    serverUrl: query.get('server'),
    create: title === null || target === null ? null : { title, url: target },
  });
  return parsed.success ? parsed.data : undefined;
}

/** The link among the arguments the system started the app with, if there is one. */
export function itemLinkIn(argv: readonly string[]): ItemLink | undefined {
  const address = argv.findLast((argument) => argument.startsWith(`${APP_SCHEME}:`));
  return address === undefined ? undefined : itemLink(address);
}
