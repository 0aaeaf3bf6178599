/**
 * Plants a bug: the answer to an append goes out before its transaction commits. The suite that guards durability must
 * turn red on it.
 */
import type { Pool, PoolClient, QueryConfig } from 'pg';

/** How long the planted commit lags behind its answer. */
const LAG_MS = 40;

/** A pool like the given one whose statements answer first and commit later. */
export function plantAckBeforeCommit(pool: Pool): Pool {
  // Before the pool hands it over, not after: the read that opens a connection may bring the server's last words too.
  pool.on('acquire', (client) => {
    if (!client.listeners('error').includes(ignore)) client.on('error', ignore);
  });
  const query = async (config: QueryConfig): Promise<unknown> => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const result = await client.query(config);
      setTimeout(() => void finish(client), LAG_MS);
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    }
  };
  return new Proxy(pool, {
    get: (target, name) => (name === 'query' ? query : Reflect.get(target, name, target)) as unknown,
  });
}

async function finish(client: PoolClient): Promise<void> {
  const failed = await client.query('COMMIT').then(
    () => false,
    () => true, // the server died in between, which is what the plant is about
  );
  client.release(failed);
}

function ignore(): void {
  // A killed server ends the connection; the pool replaces it.
}
