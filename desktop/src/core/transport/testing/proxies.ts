/** Small real proxies for tests: HTTP CONNECT and SOCKS5, with a user and password, that say what went through them. */
import http from 'node:http';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Who may use a proxy. */
export interface ProxyUser {
  readonly user: string;
  readonly password: string;
}

/** A proxy that runs. */
export interface TestProxy {
  readonly port: number;
  /** `host:port` of each tunnel, in order. */
  readonly tunnels: readonly string[];
  /** How often somebody was turned away. */
  readonly refusals: () => number;
  /** Bytes that came back from the servers behind it. */
  readonly bytesBack: () => number;
  close(): void;
}

interface Running {
  readonly tunnels: string[];
  refusals: number;
  bytesBack: number;
}

/** A proxy that tunnels with CONNECT, for whoever says the password in Basic; for everybody where there is none. */
export async function startHttpProxy(allowed?: ProxyUser): Promise<TestProxy> {
  const state: Running = { tunnels: [], refusals: 0, bytesBack: 0 };
  const wanted = allowed && `Basic ${Buffer.from(`${allowed.user}:${allowed.password}`).toString('base64')}`;
  const server = http.createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request: http.IncomingMessage, client: Duplex) => {
    client.on('error', () => client.destroy());
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) {
      state.refusals += 1;
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    state.tunnels.push(request.url ?? '');
    const target = new URL(`http://${request.url}`);
    tunnel(state, client, target.hostname, Number(target.port), {
      opened: () => client.write('HTTP/1.1 200 Connection Established\r\n\r\n'),
      failed: () => client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'),
    });
  });
  return running(server, state);
}

/** A proxy that speaks SOCKS5 (RFC 1928) with a user and password (RFC 1929), or without. */
export async function startSocksProxy(allowed?: ProxyUser): Promise<TestProxy> {
  const state: Running = { tunnels: [], refusals: 0, bytesBack: 0 };
  const server = net.createServer((client) => {
    client.on('error', () => client.destroy());
    void speakSocks(client, state, allowed).catch(() => client.destroy());
  });
  return running(server, state);
}

const NO_AUTH = 0;
const USER_PASSWORD = 2;
const NONE_ACCEPTED = 0xff;

async function speakSocks(client: Socket, state: Running, allowed: ProxyUser | undefined): Promise<void> {
  const read = reader(client);
  const [, methodCount = 0] = await read(2);
  const methods = await read(methodCount);
  const method = allowed ? USER_PASSWORD : NO_AUTH;
  if (!methods.includes(method)) {
    state.refusals += 1;
    client.end(Buffer.from([5, NONE_ACCEPTED]));
    return;
  }
  client.write(Buffer.from([5, method]));
  if (allowed) {
    const [, userLength = 0] = await read(2);
    const user = (await read(userLength)).toString();
    const [passwordLength = 0] = await read(1);
    const password = (await read(passwordLength)).toString();
    const isRight = user === allowed.user && password === allowed.password;
    if (!isRight) {
      state.refusals += 1;
      client.end(Buffer.from([1, 1]));
      return;
    }
    client.write(Buffer.from([1, 0]));
  }
  const [, , , kind = 0] = await read(4);
  const host = await readHost(read, kind);
  const port = (await read(2)).readUInt16BE();
  state.tunnels.push(`${host}:${port}`);
  const answer = (status: number): Buffer => Buffer.from([5, status, 0, 1, 0, 0, 0, 0, 0, 0]);
  client.pause();
  tunnel(state, client, host, port, {
    opened: () => client.write(answer(0)),
    failed: () => client.end(answer(4)),
  });
}

async function readHost(read: (count: number) => Promise<Buffer>, kind: number): Promise<string> {
  if (kind === 1) return (await read(4)).join('.');
  if (kind === 3) {
    const [length = 0] = await read(1);
    return (await read(length)).toString();
  }
  throw new Error('only IPv4 and names');
}

/** Reads exactly so many bytes at a time. */
function reader(socket: Socket): (count: number) => Promise<Buffer> {
  return async (count) => {
    for (;;) {
      const part: unknown = count === 0 ? Buffer.alloc(0) : socket.read(count);
      if (Buffer.isBuffer(part)) return part;
      await new Promise<void>((resolve, reject) => {
        socket.once('readable', resolve);
        socket.once('close', () => reject(new Error('closed')));
      });
    }
  };
}

function tunnel(
  state: Running,
  client: Duplex,
  host: string,
  port: number,
  on: { opened(): void; failed(): void },
): void {
  let isOpen = false;
  const upstream = net.connect(port, host, () => {
    isOpen = true;
    on.opened();
    upstream.on('data', (chunk: Buffer) => {
      state.bytesBack += chunk.length;
    });
    upstream.pipe(client).pipe(upstream);
  });
  upstream.on('error', () => (isOpen ? client.destroy() : on.failed()));
  upstream.on('close', () => {
    if (isOpen) client.destroy();
  });
  client.on('close', () => upstream.destroy());
}

async function running(server: Server, state: Running): Promise<TestProxy> {
  const open = new Set<Duplex>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    tunnels: state.tunnels,
    refusals: () => state.refusals,
    bytesBack: () => state.bytesBack,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
