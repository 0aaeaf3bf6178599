/**
 * Fetching the page behind a link, for its preview. Owns what a stranger's link may make this computer do: ask a public
 * address by https on its usual port, without cookies or referrer, for a few seconds and a few hundred kilobytes. Every
 * redirect is judged like the first address, and the connection goes to the very address that was judged, so that a name
 * that changes its mind in between (DNS rebinding) leads nowhere.
 */
import { lookup } from 'node:dns/promises';
import https from 'node:https';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { isIP, type LookupFunction } from 'node:net';
import tls from 'node:tls';
import { TextDecoder } from 'node:util';
import type { CoreConfig } from '../../ipc/core-port.ts';
import { agentFor } from '../transport/agents.ts';
import type { RouteResolver } from '../transport/transport-types.ts';
import { isPublicAddress } from './public-address.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 512 * 1024;
const MAX_REDIRECTS = 3;
const HTTPS_PORT = 443;

/** What fetching needs from outside; tests put their own server in the place of the internet. */
export interface PagePorts {
  readonly route: RouteResolver;
  /** Every address of a host; rejects when it has none. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Whether an address may be asked at a port. */
  readonly mayAsk: (address: string, port: number) => boolean;
}

/** The internet, and nothing but it. */
export function publicInternet(route: RouteResolver): PagePorts {
  return {
    route,
    resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    mayAsk: (address, port) => port === HTTPS_PORT && isPublicAddress(address),
  };
}

/** The internet as this core may use it. A test's own server stands beside it, by the one address that was named. */
export function pagePortsOf(
  route: RouteResolver,
  { previewTestServer: own }: Pick<CoreConfig, 'previewTestServer'>,
): PagePorts {
  const ports = publicInternet(route);
  if (!own) return ports;
  return {
    route,
    resolve: (host) => (host === own.host ? Promise.resolve([own.address]) : ports.resolve(host)),
    mayAsk: (address, port) => (address === own.address && port === own.port) || ports.mayAsk(address, port),
  };
}

/** A page that was fetched, and where it was found in the end. */
export interface Page {
  readonly url: string;
  readonly html: string;
}

type Hop = Page | { readonly redirect: string } | null;

/** Fetches a page; null when it may not be asked for, cannot be had, or is no HTML. Never throws. */
export async function fetchPage(address: string, ports: PagePorts): Promise<Page | null> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let next = address;
  try {
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const hop = await ask(next, ports, signal);
      if (hop === null || 'html' in hop) return hop;
      next = hop.redirect;
    }
  } catch {
    // Away, too slow, not trusted: there is no preview, and nobody waits for one.
  }
  return null;
}

async function ask(address: string, ports: PagePorts, signal: AbortSignal): Promise<Hop> {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return null;
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  const addresses = isIP(host) > 0 ? [host] : await ports.resolve(host);
  if (addresses.length === 0 || !addresses.every((each) => ports.mayAsk(each, port))) return null;
  const route = await ports.route(url.origin);
  if (!route.ok) return null;
  const { proxy, ca } = route.value;
  // A proxy resolves the name once more; it was public here a moment ago.
  const way: RequestOptions = proxy
    ? { agent: agentFor(url.origin, route.value) }
    : { agent: false, lookup: pinnedTo(addresses) };
  const trust = ca.length > 0 ? { ca: [...tls.rootCertificates, ...ca] } : {};
  const headers = { accept: 'text/html', 'accept-encoding': 'identity', 'user-agent': 'Curlew link preview' };
  return new Promise((resolve, reject) => {
    const request = https.get(url, { ...way, ...trust, headers, signal }, (answer) => {
      answer.on('error', reject);
      const { statusCode = 0 } = answer;
      const { location } = answer.headers;
      const isPage = statusCode === 200 && /^text\/html\b/iu.test(answer.headers['content-type'] ?? '');
      if (isPage) {
        readHead(answer, (html) => {
          resolve({ url: url.href, html });
          request.destroy();
        });
        return;
      }
      const isMoved = statusCode >= 300 && statusCode < 400 && location !== undefined;
      resolve(
        isMoved && URL.canParse(location, url.href) ? { redirect: new URL(location, url.href).href } : null,
      );
      request.destroy();
    });
    request.on('error', reject);
  });
}

/** Answers every question for an address with those that were judged. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    const [first] = all;
    if (options.all) callback(null, all);
    else callback(null, first?.address ?? '', first?.family);
  };
}

/** Reads until the head of the page is over, at most {@link MAX_BYTES}. */
function readHead(answer: IncomingMessage, done: (html: string) => void): void {
  const decoder = decoderOf(answer.headers['content-type'] ?? '');
  let html = '';
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    const from = Math.max(0, html.length - '</head>'.length);
    html += decoder.decode(chunk, { stream: true });
    if (bytes >= MAX_BYTES || html.slice(from).toLowerCase().includes('</head')) done(html);
  });
  answer.on('end', () => done(html));
}

function decoderOf(contentType: string): TextDecoder {
  const label = /charset=["']?([\w-]+)/iu.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label);
  } catch {
    // A name no decoder knows: most pages are UTF-8 whatever they say.
    return new TextDecoder();
  }
}
