/**
 * A user-space TCP proxy that makes a loopback network behave like a real one: seeded delay per chunk, order kept
 * (TCP hides loss and reordering anyway), and links that can be cut or stalled. A tool of the tests, not a mock:
 * real bytes of the real client and server pass through it.
 */
import { createServer, connect, type Server, type Socket } from 'node:net';
import { seededRandom } from './seeded-random.ts';

/** A running proxy. */
export interface FaultProxy {
  readonly port: number;
  /** Resets all connections and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

/** Options of {@link startFaultProxy}. Delays are in ms, drawn uniformly for each chunk of bytes. */
export interface FaultProxyOptions {
  readonly targetPort: number;
  readonly seed: number;
  readonly minDelayMs?: number;
  readonly maxDelayMs?: number;
  /** Is given the bytes of every direction of every connection, each from its beginning. */
  readonly overhear?: () => (chunk: Buffer) => void;
}

/** Starts a proxy on a free loopback port. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { targetPort, seed, minDelayMs = 0, maxDelayMs = 0 } = options;
  const random = seededRandom(seed);
  const sockets = new Set<Socket>();
  let isCut = false;

  const server: Server = createServer((client) => {
    if (isCut) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(targetPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // A reset of either side is the fault under test, not an error of the proxy.
      socket.on('error', () => socket.destroy());
    }
    pipeDelayed(client, upstream);
    pipeDelayed(upstream, client);
  });

  function pipeDelayed(from: Socket, to: Socket): void {
    let previous = Promise.resolve();
    const hear = options.overhear?.();
    from.on('data', (chunk: Buffer) => {
      hear?.(chunk);
      const delayMs = minDelayMs + random() * (maxDelayMs - minDelayMs);
      const due = new Promise<void>((resolve) => setTimeout(resolve, delayMs));
      previous = Promise.all([previous, due]).then(() => {
        if (!to.destroyed) to.write(chunk);
      });
    });
    from.on('close', () => void previous.then(() => to.destroy()));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no TCP address');
  const dropAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    cut() {
      isCut = true;
      dropAll();
    },
    restore() {
      isCut = false;
    },
    async close() {
      dropAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
