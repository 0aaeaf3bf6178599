/** The transport through real proxies that want a password: HTTP CONNECT and SOCKS5, to calls, socket and previews. */
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server } from 'node:net';
import { Server as SocketServer } from 'socket.io';
import { afterEach, describe, expect, it } from 'vitest';
import { ok } from '@curlew/shared/lib/result.ts';
import { errorCatalogue, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';
import type { NetworkRoute } from '../../ipc/core-port.ts';
import { fetchPage } from '../previews/fetch-page.ts';
import { createNodeTransport } from './node-transport.ts';
import { makeCertificates } from './testing/certificates.ts';
import { startHttpProxy, startSocksProxy, type ProxyUser, type TestProxy } from './testing/proxies.ts';
import type { Transport } from './transport-types.ts';

const discovery = {
  product: 'curlew',
  version: '1.0.0',
  protocol: PROTOCOL_VERSION,
  minProtocol: PROTOCOL_VERSION,
  name: 'Test',
  needsSetup: false,
  client: { feedUrl: null, minimum: null },
};
const made = makeCertificates();
/** Signs that mean something in URLs and headers, and letters beyond ASCII. */
const allowed: ProxyUser = { user: 'DOMAIN\\maya@office', password: 'p@ss:w/örd%20#' };

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A server with calls and sockets; behind TLS where certificates can be made. */
async function startServer(): Promise<{ url: string; ca: readonly string[] }> {
  const answer: http.RequestListener = (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(discovery));
  };
  const server = made ? https.createServer(made.signed, answer) : http.createServer(answer);
  const sockets = new SocketServer(server, { transports: ['websocket'] });
  cleanUps.push(() => void sockets.close());
  const port = await listen(server);
  return made
    ? { url: `https://127.0.0.1:${port}`, ca: [made.authority] }
    : { url: `http://127.0.0.1:${port}`, ca: [] };
}

async function startProxy(type: 'http' | 'socks5'): Promise<TestProxy> {
  const proxy = type === 'http' ? await startHttpProxy(allowed) : await startSocksProxy(allowed);
  cleanUps.push(() => proxy.close());
  return proxy;
}

function transportTo(url: string, route: () => NetworkRoute): Transport {
  const transport = createNodeTransport(
    url,
    () => Promise.resolve(ok(route())),
    () => performance.now(),
    () => undefined,
  );
  cleanUps.push(() => transport.dispose());
  return transport;
}

const id = '00000000-0000-7000-8000-00000000000a';
const handshake = { token: 'x', protocol: PROTOCOL_VERSION, deviceId: id, instance: id, appVersion: '0' };

/** What becomes of a socket: 'connected', or why not. */
function socketOf(transport: Transport): Promise<'connected' | ErrorBody> {
  return new Promise((resolve) => {
    const live = transport.open(handshake, {
      connected: () => resolve('connected'),
      refused: resolve,
      closed: () => undefined,
      received: () => undefined,
    });
    cleanUps.push(() => live.close());
  });
}

describe.each(['http', 'socks5'] as const)('a %s proxy with a password', (type) => {
  const through = (port: number, auth: ProxyUser | undefined): NetworkRoute['proxy'] => ({
    type,
    host: '127.0.0.1',
    port,
    ...(auth ? { auth } : {}),
  });

  it('carries calls and the socket, and nothing goes beside it', async () => {
    const { url, ca } = await startServer();
    const proxy = await startProxy(type);
    const transport = transportTo(url, () => ({ ca, proxy: through(proxy.port, allowed) }));
    expect(await transport.call('discovery', {})).toEqual(ok(discovery));
    expect(await socketOf(transport)).toBe('connected');
    expect(proxy.tunnels.length).toBeGreaterThanOrEqual(2);
    expect(new Set(proxy.tunnels)).toEqual(new Set([new URL(url).host]));
    expect(proxy.bytesBack()).toBeGreaterThan(500);
    expect(proxy.refusals()).toBe(0);
  });

  it.for(['a wrong password', 'none'] as const)('turns %s away in words a person can use', async (given) => {
    const { url, ca } = await startServer();
    const proxy = await startProxy(type);
    const auth = given === 'none' ? undefined : { ...allowed, password: 'wrong' };
    const { message } = errorCatalogue.PROXY_AUTH;
    const transport = (): Transport => transportTo(url, () => ({ ca, proxy: through(proxy.port, auth) }));
    const refused = { code: 'PROXY_AUTH', message };
    expect(await transport().call('discovery', {})).toMatchObject({ ok: false, error: refused });
    expect(await socketOf(transport())).toMatchObject(refused);
    expect(proxy.tunnels).toEqual([]);
    expect(proxy.refusals()).toBe(2);
  });

  it('is not asked again and again with a wrong password, until the route is another one', async () => {
    const { url, ca } = await startServer();
    const proxy = await startProxy(type);
    let password = 'wrong';
    const transport = transportTo(url, () => ({ ca, proxy: through(proxy.port, { ...allowed, password }) }));
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect(await socketOf(transport)).toMatchObject({ code: 'PROXY_AUTH' });
    expect(await transport.call('discovery', {})).toMatchObject({ error: { code: 'PROXY_AUTH' } });
    expect(proxy.refusals()).toBe(1);
    ({ password } = allowed);
    transport.dispose();
    expect(await socketOf(transport)).toBe('connected');
  });

  it('that is not there is PROXY_UNREACHABLE; a server it does not reach is OFFLINE', async () => {
    const { url, ca } = await startServer();
    const proxy = await startProxy(type);
    const nobody = net.createServer();
    const free = await listen(nobody);
    await new Promise((resolve) => void nobody.close(resolve));
    const gone = transportTo(url, () => ({ ca, proxy: through(free, allowed) }));
    expect(await gone.call('discovery', {})).toMatchObject({ error: { code: 'PROXY_UNREACHABLE' } });
    expect(await socketOf(gone)).toMatchObject({ code: 'PROXY_UNREACHABLE' });
    const behind = transportTo(`http://127.0.0.1:${free}`, () => ({
      ca,
      proxy: through(proxy.port, allowed),
    }));
    expect(await behind.call('discovery', {})).toMatchObject({ error: { code: 'OFFLINE' } });
  });

  it('carries the pages of link previews', async (ctx) => {
    if (!made) return ctx.skip('openssl is not installed');
    const server = https.createServer(made.signed, (_request, response) => {
      response.setHeader('content-type', 'text/html').end('<head><title>Behind</title></head>');
    });
    const port = await listen(server);
    const proxy = await startProxy(type);
    const page = await fetchPage(`https://localhost:${port}/`, {
      route: () => Promise.resolve(ok({ ca: [made.authority], proxy: through(proxy.port, allowed) })),
      resolve: () => Promise.resolve(['127.0.0.1']),
      mayAsk: () => true,
    });
    expect(page?.html).toContain('Behind');
    expect(proxy.tunnels).toEqual([`localhost:${port}`]);
  });
});
