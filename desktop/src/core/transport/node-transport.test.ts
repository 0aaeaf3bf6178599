/** The transport against real sockets: certificates nobody trusts, authorities of one's own, and proxies in between. */
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { ok } from '@curlew/shared/lib/result.ts';
import { errorCatalogue, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';
import type { NetworkRoute } from '../../ipc/core-port.ts';
import { callRoute } from './http.ts';
import { createNodeTransport } from './node-transport.ts';
import { makeCertificates, type Certificate, type TestCertificates } from './testing/certificates.ts';
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

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp();
});

/** Listens on a free port of this computer until the test ends. */
async function listen(server: Server): Promise<number> {
  const open = new Set<Duplex>();
  server.on('connection', (socket: Socket) => void open.add(socket));
  cleanUps.push(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A server behind https; it tells which paths were asked of it, upgrades included. */
async function startServer(certificate: Certificate): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = https.createServer(certificate, (request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end(JSON.stringify(discovery));
  });
  server.on('upgrade', (request, socket) => {
    asked.push(`upgrade ${new URL(request.url ?? '', 'http://x').pathname}`);
    socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
  });
  return { url: `https://127.0.0.1:${await listen(server)}`, asked };
}

/** A proxy that only tunnels; it tells where to. With a certificate it is reached over TLS itself. */
async function startProxy(certificate?: Certificate): Promise<{ port: number; tunnels: string[] }> {
  const tunnels: string[] = [];
  const proxy = certificate ? https.createServer(certificate) : http.createServer();
  proxy.on('connect', (request: http.IncomingMessage, client: Duplex) => {
    tunnels.push(request.url ?? '');
    const target = new URL(`http://${request.url}`);
    const upstream = net.connect(Number(target.port), target.hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const [one, other] of [[upstream, client] as const, [client, upstream] as const])
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  return { port: await listen(proxy), tunnels };
}

function transportTo(url: string, route: NetworkRoute): Transport {
  const transport = createNodeTransport(
    url,
    () => Promise.resolve(ok(route)),
    () => performance.now(),
    () => undefined,
  );
  cleanUps.push(() => transport.dispose());
  return transport;
}

/** Why a socket was refused. */
function refusal(transport: Transport): Promise<ErrorBody> {
  const id = '00000000-0000-7000-8000-00000000000a';
  const handshake = { token: 'x', protocol: PROTOCOL_VERSION, deviceId: id, instance: id, appVersion: '0' };
  return new Promise((resolve) => {
    const absent = () => expect.unreachable('nobody lets this socket in');
    transport.open(handshake, { connected: absent, closed: absent, received: absent, refused: resolve });
  });
}

describe('an address', () => {
  it('where nobody listens is OFFLINE', async () => {
    const server = net.createServer();
    const port = await listen(server);
    await new Promise((resolve) => void server.close(resolve));
    const transport = transportTo(`http://127.0.0.1:${port}`, { ca: [] });
    expect(await transport.call('discovery', {})).toMatchObject({ ok: false, error: { code: 'OFFLINE' } });
    expect(await refusal(transport)).toMatchObject({ code: 'OFFLINE' });
  });

  it('that accepts and never answers is TIMEOUT', async () => {
    const port = await listen(net.createServer());
    const options = { origin: `http://127.0.0.1:${port}`, agent: new http.Agent(), timeoutMs: 50 };
    const answer = await callRoute(options, 'discovery', {}, undefined);
    expect(answer).toMatchObject({ ok: false, error: { code: 'TIMEOUT' } });
  });
});

describe.each([
  ['signed by itself', (all: TestCertificates) => all.selfSigned, []],
  ['of an unknown authority', (all: TestCertificates) => all.signed, []],
  ['of another host', (all: TestCertificates) => all.forAnotherHost, ['authority']],
] as const)('a certificate %s', (_what, choose, trusted) => {
  it('is CERTIFICATE_UNTRUSTED for calls and for the socket, in words a person can use', async (ctx) => {
    if (!made) return ctx.skip('openssl is not installed');
    const { url, asked } = await startServer(choose(made));
    const transport = transportTo(url, { ca: trusted.map((name) => made[name]) });
    const { message } = errorCatalogue.CERTIFICATE_UNTRUSTED;
    const untrusted = { code: 'CERTIFICATE_UNTRUSTED', message };
    expect(await transport.call('discovery', {})).toMatchObject({ ok: false, error: untrusted });
    expect(await refusal(transport)).toMatchObject(untrusted);
    expect(asked).toEqual([]);
  });
});

describe('an authority of one’s own', () => {
  it.for(['directly', 'through a proxy', 'through a proxy that is reached over TLS'] as const)(
    'is trusted for calls and for the socket, %s',
    async (way, ctx) => {
      if (!made) return ctx.skip('openssl is not installed');
      const { url, asked } = await startServer(made.signed);
      const isSecure = way === 'through a proxy that is reached over TLS';
      const proxy = way === 'directly' ? undefined : await startProxy(isSecure ? made.signed : undefined);
      const ca = [made.authority];
      const transport = transportTo(
        url,
        proxy
          ? { ca, proxy: { type: isSecure ? 'https' : 'http', host: '127.0.0.1', port: proxy.port } }
          : { ca },
      );
      expect(await transport.call('discovery', {})).toEqual(ok(discovery));
      expect(await refusal(transport)).toMatchObject({ code: 'OFFLINE' });
      expect(asked).toEqual(['/.well-known/curlew', 'upgrade /socket.io/']);
      const { host } = new URL(url);
      // The call's connection is kept, so the socket may share or open a tunnel; nothing goes beside the proxy.
      if (proxy) expect(new Set(proxy.tunnels)).toEqual(new Set([host]));
    },
  );

  it('does not make a proxy trusted whose certificate is of nobody known', async (ctx) => {
    if (!made) return ctx.skip('openssl is not installed');
    const { url } = await startServer(made.signed);
    const { port, tunnels } = await startProxy(made.selfSigned);
    const proxy = { type: 'https', host: '127.0.0.1', port } as const;
    const answer = await transportTo(url, { ca: [made.authority], proxy }).call('discovery', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'CERTIFICATE_UNTRUSTED' } });
    expect(tunnels).toEqual([]);
  });
});
