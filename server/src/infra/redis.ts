/**
 * The Redis that several nodes share. Promises that nothing waits for it: while it is away every command fails at once
 * and its users do without, and the connection comes back by itself.
 */
import { createClient } from 'redis';

/** A connection that is kept up. */
export interface Redis {
  /** For libraries that take a client. */
  readonly client: ReturnType<typeof makeClient>;
  readonly close: () => void;
}

const LONGEST_PAUSE_MS = 5_000;
const CONNECT_TIMEOUT_MS = 2_000;

/**
 * Begins to connect.
 * @param onAvailable once at each change, first when it answers or does not
 */
export function openRedis(url: string, onAvailable: (isAvailable: boolean) => void): Redis {
  let isAvailable: boolean | undefined;
  const tell = (now: boolean): void => {
    if (now === isAvailable) return;
    isAvailable = now;
    onAvailable(now);
  };
  const client = makeClient(url);
  client.on('ready', () => tell(true));
  client.on('error', () => tell(false));
  client.connect().catch(() => tell(false));
  return { client, close: () => client.destroy() };
}

function makeClient(url: string) {
  return createClient({
    url,
    // A command for a Redis that is away would otherwise wait for it, and with it a person who signs in.
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, LONGEST_PAUSE_MS),
    },
  });
}
