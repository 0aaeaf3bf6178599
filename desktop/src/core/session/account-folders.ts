/**
 * The accounts' folders on this disk, by what stands in their files. Owns finding the folder of a person whom
 * `accounts.json` does not name any more: each outbox.db says whose it is.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import { accountDir } from './account-registry.ts';

interface FolderFacts {
  readonly serverUrl: string | undefined;
  readonly userId: string | undefined;
  /** Ops and drafts that nobody else has. */
  readonly unsent: number;
}

/**
 * The account whose outbox belongs to a person on a server; of several the one with most unsent, then the newest.
 * Undefined when there is none, or another process has it open.
 * @param isKnown folders that belong to a known account are not looked at
 */
export function findAccountFolder(
  dataDir: string,
  owner: { readonly serverUrl: string; readonly userId: string },
  isKnown: (accountId: string) => boolean,
): string | undefined {
  const found = listFolders(dataDir).flatMap((accountId) => {
    const facts = isKnown(accountId) ? undefined : readFolder(accountDir(dataDir, accountId));
    const isTheirs = facts?.serverUrl === owner.serverUrl && facts.userId === owner.userId;
    return isTheirs ? [{ accountId, unsent: facts.unsent }] : [];
  });
  // Ids grow with time.
  found.sort((a, b) => b.unsent - a.unsent || (a.accountId < b.accountId ? 1 : -1));
  return found[0]?.accountId;
}

function listFolders(dataDir: string): readonly string[] {
  const folder = join(dataDir, 'accounts');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => uuidSchema.safeParse(name).success);
}

// The copy answers for a file that is damaged: whose it is does not change.
function readFolder(dir: string): FolderFacts | undefined {
  return readOutbox(join(dir, 'outbox.db')) ?? readOutbox(join(dir, 'outbox.db.copy'));
}

function readOutbox(path: string): FolderFacts | undefined {
  if (!existsSync(path)) return undefined;
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, timeout: 250 });
    const meta = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?');
    const unsent = db
      .prepare<[], { count: number }>(
        `SELECT (SELECT count(*) FROM op) + (SELECT count(*) FROM draft WHERE text <> '') AS count`,
      )
      .get();
    return {
      serverUrl: meta.get('serverUrl')?.value,
      userId: meta.get('userId')?.value,
      unsent: unsent?.count ?? 0,
    };
  } catch {
    // Damaged, of another program, or in use: in none of these cases is it known to be theirs.
    return undefined;
  } finally {
    db?.close();
  }
}
