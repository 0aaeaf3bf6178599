/**
 * Curlew as a package of this system: building it, installing and removing it with dpkg, and what that leaves. Owns the
 * build directory and the feed it serves; nothing here reaches into the app.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream, existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
/** Where a package puts things. Databases of the package manager, its caches and logs are not the package's. */
const SYSTEM = ['/etc', '/home', '/opt', '/usr', '/var'];
const BOOKKEEPING = [
  '/var/lib/dpkg',
  '/var/cache',
  '/var/log',
  '/var/lib/apt',
  '/usr/share/icons/hicolor/icon-theme.cache',
];

/** Why a package cannot be installed here; undefined if it can. */
export function whyNotInstallable(): string | undefined {
  if (process.platform !== 'linux') return 'packages are installed with dpkg, on Linux';
  if (process.getuid?.() !== 0) return 'installing a package needs root';
  if (spawnSync('dpkg-deb', ['--version']).status !== 0) return 'there is no dpkg here';
  if (existsSync('/opt/Curlew')) return 'a Curlew is installed on this computer already';
  return undefined;
}

/** Builds a package of a version into a folder of its own; answers that folder. */
export function buildPackage(version: string, into: string, updateKey: string): string {
  const output = join(into, version);
  execFileSync(
    process.execPath,
    ['scripts/dist.mjs', '--target', 'deb', '--version', version, '--output', output],
    {
      cwd: root,
      env: { ...process.env, CURLEW_UPDATE_KEY: updateKey },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return output;
}

/** Installs the package of a folder, as a person with a downloaded file would. */
export function install(folder: string): void {
  const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new Error(`no package in ${folder}`);
  execFileSync('dpkg', ['-i', join(folder, file)], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Removes it with all it brought. */
export function purge(): void {
  execFileSync('dpkg', ['--purge', 'curlew'], { stdio: 'ignore' });
}

/** The version dpkg says is installed. */
export function installedVersion(): string {
  return execFileSync('dpkg-query', ['-W', '-f', '${Version}', 'curlew'], { encoding: 'utf8' });
}

/** Every file of the system, without what the package manager keeps about itself. */
export function systemFiles(): ReadonlySet<string> {
  const prune = BOOKKEEPING.flatMap((place) => ['-path', place, '-prune', '-o']);
  const listed = execFileSync('find', [...SYSTEM, '-xdev', ...prune, '-print'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return new Set(listed.split('\n'));
}

/** What a menu starts: the program and arguments of the desktop entry, without the place of a link. */
export function menuCommand(): { readonly program: string; readonly args: readonly string[] } {
  const entry = readFileSync('/usr/share/applications/curlew.desktop', 'utf8');
  const [program = '', ...args] = /^Exec=(.*)$/m.exec(entry)?.[1]?.split(' ') ?? [];
  return { program, args: args.filter((argument) => !argument.startsWith('%')) };
}

/** Serves the folder that `current` names as any web server would. */
export async function serveFeed(current: () => string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://feed').pathname.slice(1);
    const file = join(current(), name);
    if (name.includes('/') || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-length': statSync(file).size });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the feed has no port');
  return { url: `http://127.0.0.1:${address.port}/`, close: () => void server.close() };
}
