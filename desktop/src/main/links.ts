/**
 * Links out of the app and into it. Owns the rule which addresses may be handed to the operating system (a scheme that
 * opens a web page or a mail draft, never one that runs a program or reads a file), and what a `curlew:` link may ask.
 */
import { z } from 'zod';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import { conversationLinkSchema, webUrlSchema } from '@curlew/shared/domain/message.ts';
import { titleSchema } from '@curlew/shared/protocol/ops.ts';
import type { WindowCommand } from '../ipc/bridge.ts';

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

const conversationPath = z.tuple([uuidSchema]);
const conversationQuery = z.strictObject({ messageId: uuidSchema.optional() });
const invitationSchema = z.strictObject({
  // Letters, digits and hyphens, as the server makes them; nothing that could be a path or a word to somebody.
  code: z.string().regex(/^[0-9A-Za-z-]{4,64}$/u),
  // Which of these may be signed in to is the core's rule; it has the sentence for those that may not.
  serverUrl: z.url({ protocol: /^https?$/u }),
});

/** What a link asks of the window, and of which account: that on a server; null: the one that shows. */
export interface AppLink {
  readonly serverUrl: string | null;
  readonly command: WindowCommand;
}

/**
 * What a link into the app asks:
 *
 * - `curlew://item?type=…&id=…[&org=…][&server=…][&title=…&url=…]`: the conversation of an item; with a title and an
 *   address also how to make one
 * - `curlew://conversation/<id>[?message=<id>]`
 * - `curlew://join/<code>?server=<address>`: an invitation
 *
 * A page in a browser can send any of them, so each only ever leads to a place or a question: nothing is written before
 * a person says so.
 * @returns undefined for what is no link into the app, `badLink` for one that cannot be read
 */
export function appLink(address: string): AppLink | undefined {
  if (!address.startsWith(`${APP_SCHEME}:`)) return undefined;
  return read(address) ?? { serverUrl: null, command: { name: 'badLink' } };
}

function read(address: string): AppLink | undefined {
  if (address.length > MAX_LINK_CHARS || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  // Some systems add a slash.
  const path = url.pathname.split('/').filter((part) => part !== '');
  switch (url.host) {
    case 'item':
      return path.length === 0 ? itemOf(url.searchParams) : undefined;
    case 'conversation':
      return conversationOf(path, url.searchParams);
    case 'join':
      return invitationOf(path, url.searchParams);
    default:
      return undefined;
  }
}

function itemOf(query: URLSearchParams): AppLink | undefined {
  const [title, target] = [query.get('title'), query.get('url')];
  const parsed = itemSchema.safeParse({
    type: query.get('type'),
    id: query.get('id'),
    orgId: query.get('org'),
    serverUrl: query.get('server'),
    create: title === null || target === null ? null : { title, url: target },
  });
  if (!parsed.success) return undefined;
  const { serverUrl, ...item } = parsed.data;
  return { serverUrl, command: { name: 'openItem', ...item } };
}

function conversationOf(path: readonly string[], query: URLSearchParams): AppLink | undefined {
  const ids = conversationPath.safeParse(path);
  const at = conversationQuery.safeParse({ messageId: query.get('message') ?? undefined });
  if (!ids.success || !at.success) return undefined;
  const [conversationId] = ids.data;
  return {
    serverUrl: null,
    command: { name: 'showConversation', conversationId, ...at.data, focusComposer: false },
  };
}

function invitationOf(path: readonly string[], query: URLSearchParams): AppLink | undefined {
  const parsed = invitationSchema.safeParse({ code: path.join('/'), serverUrl: query.get('server') });
  if (!parsed.success) return undefined;
  const { code, serverUrl } = parsed.data;
  const server = new URL(serverUrl);
  if (server.username !== '' || server.password !== '') return undefined;
  return { serverUrl: server.origin, command: { name: 'openInvitation', code, serverUrl: server.origin } };
}

/** What the link among the arguments of a start asks, if there is one. */
export function appLinkIn(argv: readonly string[]): AppLink | undefined {
  const address = argv.findLast((argument) => argument.startsWith(`${APP_SCHEME}:`));
  return address === undefined ? undefined : appLink(address);
}
