/**
 * A channel that all nodes of a server hear, over Redis. Owns the second connection it takes to listen. What is said while
 * Redis is away is lost: nobody waits for it, and clients repair it by asking (`sync:heads`).
 */
import type { Redis } from './redis.ts';

/** See the file's head. */
export interface NodeLink {
  /** Says something to every node, this one too; nothing while Redis is away. */
  readonly say: (text: string) => void;
  /** Whether what is said is heard. */
  readonly isUp: () => boolean;
  /** Begins to listen. `onUp`: at each connection, the first one too; words may have been missed before. */
  readonly listen: (hear: (text: string) => void, onUp: () => void) => void;
  /** Says what is still to be said, and ends the listening. */
  readonly close: () => Promise<void>;
}

/** How long a stop waits for its last word. */
const LAST_WORD_MS = 500;

/**
 * Opens a channel.
 * @param channel the same for all nodes of one server, another for other servers on the same Redis
 */
export function openNodeLink(redis: Redis, channel: string): NodeLink {
  const listener = redis.client.duplicate();
  let lastWord: Promise<unknown> = Promise.resolve();
  let isHearing = false;
  // Whoever opened the Redis tells that it is away; this connection shares its fate.
  listener.on('error', () => undefined);
  return {
    say: (text) => {
      if (!redis.client.isReady) return;
      lastWord = redis.client.publish(channel, text).catch(() => undefined);
    },
    isUp: () => redis.client.isReady,
    listen: (hear, onUp) => {
      listener.on('ready', () => {
        // Later connections subscribe by themselves.
        const subscribed = isHearing ? Promise.resolve() : listener.subscribe(channel, hear);
        subscribed.then(
          () => {
            isHearing = true;
            onUp();
          },
          () => undefined, // gone again; the next connection tries
        );
      });
      listener.connect().catch(() => undefined);
    },
    close: async () => {
      const patience = new Promise((resolve) => setTimeout(resolve, LAST_WORD_MS).unref());
      await Promise.race([lastWord, patience]);
      listener.destroy();
    },
  };
}
