/** The server's incarnation, as its database tells it. */
import type { Pool } from 'pg';

/**
 * Identifies the history this database continues: the cluster, its WAL timeline (a failover begins a new one) and a
 * counter that `restore` raises. Two equal epochs mean positions are comparable without a check.
 */
export async function readEpoch(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ epoch: string }>({
    name: 'epoch',
    text: `
      SELECT (SELECT system_identifier FROM pg_control_system()) || '-' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
        || '-' || (SELECT value FROM server_meta WHERE key = 'epoch') AS epoch`,
  });
  return rows[0]?.epoch ?? '';
}
