/**
 * Whom the embedded PostgreSQL runs as. PostgreSQL refuses to run as root, so root lends it another user; everybody
 * else runs it as themselves.
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A system user by its numbers; the options `spawn` and `chown` take. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user to run PostgreSQL as, or undefined for the current one. As root: `curlew` or `postgres` if there is one,
 * else a new system user `curlew`.
 * @throws Error when root has no such user and cannot create one
 */
export async function postgresUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['curlew', 'postgres']) {
    const found = await findUser(name);
    if (found) return found;
  }
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'curlew',
  ]);
  const created = await findUser('curlew');
  if (!created) throw new Error('The system user "curlew" was created but cannot be found.');
  return created;
}

async function findUser(name: string): Promise<SystemUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined; // `id` exits non-zero for an unknown name
  }
}

/**
 * Refuses a directory that `user` could not reach, with the reason and the way out.
 * @throws Error naming the folder that is closed to the user
 */
export async function assertReachable(directory: string, user: SystemUser): Promise<void> {
  const { root } = path.parse(directory);
  for (let folder = path.dirname(path.resolve(directory)); folder !== root; folder = path.dirname(folder)) {
    const info = await stat(folder).catch(() => undefined);
    if (info && !mayEnter(info, user)) {
      throw new Error(
        `The database runs as another user than root and cannot enter ${folder}. ` +
          'Choose a data directory elsewhere, for example --data-dir /var/lib/curlew.',
      );
    }
  }
}

function mayEnter(info: { uid: number; gid: number; mode: number }, user: SystemUser): boolean {
  if (info.uid === user.uid) return (info.mode & 0o100) !== 0;
  if (info.gid === user.gid) return (info.mode & 0o010) !== 0;
  return (info.mode & 0o001) !== 0;
}
