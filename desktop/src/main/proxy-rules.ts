/**
 * Chromium's answer to "how do I reach this URL", read for Node. Owns the mapping from a PAC result to the plain
 * proxy the core can build an agent from.
 */
import type { NetworkRoute } from '../ipc/core-port.ts';

type Proxy = NonNullable<NetworkRoute['proxy']>;

const types: Readonly<Record<string, { readonly type: Proxy['type']; readonly port: number }>> = {
  PROXY: { type: 'http', port: 80 },
  HTTP: { type: 'http', port: 80 },
  HTTPS: { type: 'https', port: 443 },
  SOCKS: { type: 'socks5', port: 1080 },
  SOCKS5: { type: 'socks5', port: 1080 },
};

/**
 * Picks the first entry Node can use from a PAC result such as `PROXY proxy:3128; SOCKS5 other:1080; DIRECT`.
 * Kinds Node has no agent for (SOCKS4, QUIC) are passed over, as Chromium passes over those it cannot reach.
 * @returns undefined to connect directly
 */
export function proxyFromRules(rules: string): Proxy | undefined {
  for (const rule of rules.split(';')) {
    const [kind = '', address = ''] = rule.trim().split(/\s+/, 2);
    if (kind.toUpperCase() === 'DIRECT') return undefined;
    const known = types[kind.toUpperCase()];
    const url = `curlew://${address}`;
    if (known === undefined || address === '' || !URL.canParse(url)) continue;
    const { hostname, port } = new URL(url);
    // Node's sockets want an IPv6 address without its brackets.
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    return { type: known.type, host, port: port === '' ? known.port : Number(port) };
  }
  return undefined;
}
