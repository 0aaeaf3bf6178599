/**
 * Requests to addresses that somebody else chose. Promises that they reach public addresses only, or allowed ones: the
 * name is resolved once, every address it has is judged, and the connection goes to the one that was judged (a name
 * that answers otherwise a moment later changes nothing). Redirects are not followed; an answer's body is not read.
 */
import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { globalV6, specialV4, specialV6 } from '@curlew/shared/lib/public-addresses.ts';

/** Where a request goes. */
interface Target {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The address is none that may be asked; the message says why. */
export class AddressRefused extends Error {}

/** See the file's head. */
export interface PinnedPost {
  /** @throws AddressRefused */
  check(url: string): Promise<void>;
  /** Posts JSON; answers the status. @throws AddressRefused, or Error when nobody answered in time */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number>;
}

const TIMEOUT_MS = 10_000;
/** A list of ranges; a bare address is a range of one. @throws Error when one is neither */
export function addressRanges(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits, ...rest] = range.split('/');
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : Number(bits);
    if (family === 0 || rest.length > 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > most)
      throw new Error(`${range} is no address and no range of addresses`);
    list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

const refusedV4 = addressRanges(specialV4);
const publicV6 = addressRanges(globalV6);
const refusedV6 = addressRanges(specialV6);

/** Whether everybody on the internet may be meant by an address. */
export function isPublicAddress({ address, family }: Target): boolean {
  if (family === 4) return !refusedV4.check(address, 'ipv4');
  return publicV6.check(address, 'ipv6') && !refusedV6.check(address, 'ipv6');
}

/** Creates the client. @param allowed ranges that may be asked although they are not public, by http too */
export function createPinnedPost(allowed: readonly string[]): PinnedPost {
  const allowList = addressRanges(allowed);
  const isAllowed = ({ address, family }: Target): boolean =>
    allowList.check(address, family === 4 ? 'ipv4' : 'ipv6');

  const resolve = async (text: string): Promise<{ readonly url: URL; readonly target: Target }> => {
    if (!URL.canParse(text)) throw new AddressRefused('not an address');
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new AddressRefused('not https');
    if (url.username !== '' || url.password !== '') throw new AddressRefused('holds a password');
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const found = await lookup(host, { all: true }).catch(() => []);
    const targets = found.map(({ address, family }): Target => ({ address, family: family === 6 ? 6 : 4 }));
    const [target] = targets;
    if (!target) throw new AddressRefused('no such host');
    if (!targets.every((it) => isAllowed(it) || isPublicAddress(it)))
      throw new AddressRefused('not a public address');
    if (url.protocol === 'http:' && !targets.every(isAllowed)) throw new AddressRefused('not https');
    return { url, target };
  };

  return {
    async check(text) {
      await resolve(text);
    },

    async post(text, headers, body) {
      const { url, target } = await resolve(text);
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      return new Promise((settle, reject) => {
        const request = send(url, {
          method: 'POST',
          agent: false,
          signal: AbortSignal.timeout(TIMEOUT_MS),
          headers: {
            ...headers,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
          lookup: (_host, options, done) => {
            if (options.all === true) done(null, [target]);
            else done(null, target.address, target.family);
          },
        });
        request.on('response', (response) => {
          settle(response.statusCode ?? 0);
          response.destroy();
        });
        request.on('error', reject);
        request.end(body);
      });
    },
  };
}
