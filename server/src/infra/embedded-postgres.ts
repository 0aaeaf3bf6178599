/**
 * The embedded PostgreSQL. Owns one postmaster: makes its data directory, starts it, restarts it within seconds when
 * it dies, stops it cleanly. Promises durability (fsync and synchronous_commit stay on) and that a postmaster orphaned
 * by a killed server is stopped before a new one starts. It listens on a Unix socket inside a private folder, on
 * loopback only where there are none (Windows).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresBinaries } from './postgres-binaries.ts';
import { assertReachable, postgresUser, type SystemUser } from './postgres-user.ts';
import { commandLine, isAlive } from './process-alive.ts';

/** How to reach the database; the fields `pg` takes. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** What the owner hears of: one line per fact, never data. */
export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** extra `postgres -c` settings; fsync and synchronous_commit cannot be turned off through it */
  readonly settings?: Readonly<Record<string, string>>;
  readonly onLog?: (line: string) => void;
  /** the postmaster died and is being restarted (`false`), or serves again (`true`) */
  readonly onAvailable?: (available: boolean) => void;
}

const DATABASE_USER = 'curlew';
/** Longest path a Unix socket may have on any supported system, with PostgreSQL's file name in it. */
const SOCKET_PATH_MAX = 90;
const START_TIMEOUT_MS = 60_000;
/** A backend of a killed postmaster may hold the shared memory for a moment. */
const RESTART_DELAY_MS = 250;

/** A running embedded PostgreSQL. */
export interface EmbeddedPostgres {
  /** Address of the maintenance database `postgres`; put another name in for others. */
  readonly address: DatabaseAddress;
  /** Process id of the postmaster now running. */
  readonly pid: () => number | undefined;
  /** Fast shutdown: open transactions are rolled back, a checkpoint is written. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the PostgreSQL of a data directory, creating it at the first time.
 * @throws Error with a sentence that says what to do, when it cannot start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = await postgresUser();
  const dataDir = path.resolve(options.dataDir);
  if (user) {
    await letThrough(dataDir);
    await assertReachable(path.join(dataDir, 'postgres'), user);
  }
  const binaries = await postgresBinaries(user !== undefined);
  const clusterDir = path.join(dataDir, 'postgres');
  const password = await readPassword(dataDir);
  await ensureCluster({ binaries, clusterDir, password, user });
  await stopOrphan(clusterDir);
  const socketDir = process.platform === 'win32' ? undefined : await makeSocketDir(clusterDir, user);
  const port = socketDir ? 5432 : await freePort();
  const postmaster = new Postmaster({ ...options, binaries, clusterDir, socketDir, port, user });
  await postmaster.start();
  return {
    address: { host: socketDir ?? '127.0.0.1', port, user: DATABASE_USER, password, database: 'postgres' },
    pid: () => postmaster.pid,
    stop: () => postmaster.stop(),
  };
}

/** Lets the database's user pass through root's data directory to its own folder; what is private in it stays 0600. */
async function letThrough(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const { mode, uid } = await stat(dataDir);
  if (uid === 0 && (mode & 0o011) !== 0o011) await chmod(dataDir, (mode & 0o777) | 0o011);
}

/** The address of a postmaster that runs on this data directory now, whoever started it; undefined when none does. */
export async function findRunningPostgres(dataDir: string): Promise<DatabaseAddress | undefined> {
  const clusterDir = path.join(path.resolve(dataDir), 'postgres');
  const lines = (await readFile(path.join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, , , port, socketDir] = lines;
  if (!pid || !(await isPostmasterOf(clusterDir, Number(pid)))) return undefined;
  return {
    host: socketDir || '127.0.0.1',
    port: Number(port),
    user: DATABASE_USER,
    password: await readPassword(path.resolve(dataDir)),
    database: 'postgres',
  };
}

interface PostmasterOptions extends EmbeddedPostgresOptions {
  readonly binaries: string;
  readonly clusterDir: string;
  readonly socketDir: string | undefined;
  readonly port: number;
  readonly user: SystemUser | undefined;
}

class Postmaster {
  readonly #options: PostmasterOptions;
  #child: ChildProcess | undefined;
  #stopping = false;
  #restart: Promise<void> = Promise.resolve();

  constructor(options: PostmasterOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    const child = spawn(path.join(this.#options.binaries, 'bin', 'postgres'), this.#arguments(), {
      ...this.#options.user,
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    await this.#ready(child);
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.#restart = this.#onDeath(String(signal ?? code));
    });
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error('PostgreSQL stopped right after its start.');
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#restart; // a start under way would outlive the stop
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    // SIGINT is PostgreSQL's fast shutdown. Windows has no signals: killing there is the crash it recovers from.
    child.kill('SIGINT');
    const late = setTimeout(() => child.kill('SIGQUIT'), 20_000);
    await exited;
    clearTimeout(late);
  }

  #arguments(): string[] {
    const { clusterDir, socketDir, port, settings } = this.#options;
    const merged: Record<string, string> = {
      max_connections: '100',
      shared_buffers: '256MB',
      max_wal_size: '2GB',
      jit: 'off',
      log_checkpoints: 'off',
      // After a crash PostgreSQL syncs its folder first; one call for the file system takes milliseconds where a call
      // for each of a thousand files takes seconds on a busy disk.
      ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
      ...settings,
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      listen_addresses: socketDir ? '' : '127.0.0.1',
      unix_socket_directories: socketDir ?? '',
    };
    return [
      '-D',
      clusterDir,
      '-p',
      String(port),
      ...Object.entries(merged).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ];
  }

  /** Resolves when the postmaster accepts connections. */
  #ready(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      let tail = '';
      const timeout = setTimeout(() => fail('it did not start within a minute'), START_TIMEOUT_MS);
      const fail = (why: string): void => {
        clearTimeout(timeout);
        if (child.exitCode === null) child.kill('SIGQUIT');
        reject(new Error(`PostgreSQL could not start: ${why}. Its last lines:\n${tail}`));
      };
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code) => fail(`it stopped with code ${code}`));
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        tail = (tail + text).slice(-2_000);
        for (const line of text.split('\n')) if (line.trim()) this.#options.onLog?.(line.trim());
        if (!text.includes('database system is ready to accept connections')) return;
        clearTimeout(timeout);
        child.removeAllListeners('exit');
        resolve();
      });
    });
  }

  async #onDeath(how: string): Promise<void> {
    this.#options.onLog?.(`postmaster died (${how}), restarting`);
    this.#options.onAvailable?.(false);
    while (!this.#stopping) {
      await sleep(RESTART_DELAY_MS);
      try {
        await stopOrphan(this.#options.clusterDir);
        if (this.#stopping) return;
        await this.start();
        this.#options.onAvailable?.(true);
        return;
      } catch (error) {
        this.#options.onLog?.(`restart failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}

async function ensureCluster(at: {
  binaries: string;
  clusterDir: string;
  password: string;
  user: SystemUser | undefined;
}): Promise<void> {
  const { binaries, clusterDir, password, user } = at;
  const complete = path.join(clusterDir, 'curlew-ready');
  if (await stat(complete).catch(() => undefined)) return;
  // An initdb that was interrupted leaves a folder PostgreSQL refuses; it cannot hold anything of value yet.
  await rm(clusterDir, { recursive: true, force: true });
  await mkdir(clusterDir, { recursive: true, mode: 0o700 });
  if (user) await chown(clusterDir, user.uid, user.gid);
  const passwordFile = path.join(clusterDir, '..', `initdb-${randomBytes(6).toString('hex')}`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  try {
    await runInitdb(
      path.join(binaries, 'bin', 'initdb'),
      [
        '-D',
        clusterDir,
        '-U',
        DATABASE_USER,
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--locale=C',
      ],
      user,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeFile(complete, '');
}

function runInitdb(program: string, args: string[], user: SystemUser | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...user,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let tail = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-2_000)));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`initdb could not make the database folder (code ${code}):\n${tail}`)),
    );
  });
}

/** Stops a postmaster that an earlier, killed server left running on this cluster. */
async function stopOrphan(clusterDir: string): Promise<void> {
  const pidFile = path.join(clusterDir, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!(pid > 0)) return;
  if (await isPostmasterOf(clusterDir, pid)) {
    for (const [signal, patienceMs] of [
      ['SIGINT', 8_000],
      ['SIGQUIT', 4_000],
      ['SIGKILL', 4_000],
    ] as const) {
      process.kill(pid, signal);
      if (await waitGone(pid, patienceMs)) break;
    }
  }
  // PostgreSQL removes it itself; what is left names a process that is gone or somebody else's.
  await rm(pidFile, { force: true });
}

/** Whether a process is alive and is the postmaster of this cluster, and not another one that got its number. */
async function isPostmasterOf(clusterDir: string, pid: number): Promise<boolean> {
  const command = await commandLine(pid);
  return isAlive(pid) && (command === undefined || command.includes(clusterDir));
}

async function waitGone(pid: number, patienceMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 20) {
    if (!isAlive(pid)) return true;
    await sleep(20);
  }
  return !isAlive(pid);
}

/** A private folder for the socket, short enough for the system's limit on socket paths. */
async function makeSocketDir(clusterDir: string, user: SystemUser | undefined): Promise<string> {
  const beside = path.join(path.dirname(clusterDir), 'run');
  const digest = createHash('sha256').update(clusterDir).digest('hex').slice(0, 16);
  const folder = beside.length <= SOCKET_PATH_MAX ? beside : path.join(tmpdir(), `curlew-${digest}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  if (user) await chown(folder, user.uid, user.gid);
  return folder;
}

async function readPassword(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const file = path.join(dataDir, 'database-password');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept) return kept.trim();
  const made = randomBytes(24).toString('hex');
  await writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}
