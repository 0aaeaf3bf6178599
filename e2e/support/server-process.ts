/**
 * The real server as a child process with its own embedded PostgreSQL. Owns starting, killing and restarting it on the
 * same port and data folder, as an operator or a power cut would.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');

/** A running server. */
export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Printed while no owner exists; empty afterwards. */
  readonly setupCode: string;
  readonly pid: number;
  /** Everything it printed: its log. */
  printed(): string;
  /** Process id of its PostgreSQL. */
  postgresPid(): Promise<number>;
  /** SIGKILL, as a crash; resolves when it is gone. */
  kill9(): Promise<void>;
  /** SIGTERM; resolves when it has drained. */
  stop(): Promise<void>;
  /** Starts again on the same port and data. */
  restart(): Promise<ServerProcess>;
  /** Stops it and removes its data. */
  dispose(): Promise<void>;
}

/** Options of {@link startServer}. */
export interface ServerOptions {
  /** 0: any free port. */
  readonly port?: number;
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Limits that a test of something else must not meet. */
const roomyLimits = { CURLEW_RATE_LIMIT_FACTOR: '1000' };

/** Starts a server and waits until it listens. */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? (await makeDataDir());
  const child = spawn(
    process.execPath,
    ['server/src/index.ts', '--port', String(options.port ?? 0), '--data-dir', dataDir],
    { cwd: root, env: { ...process.env, ...roomyLimits, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const { url, setupCode } = await untilListening(child);
  const port = Number(new URL(url).port);
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await gone;
  };
  const self: ServerProcess = {
    url,
    port,
    dataDir,
    setupCode,
    pid: child.pid ?? -1,
    printed: () => Buffer.concat(chunks).toString('utf8'),
    postgresPid: async () => Number((await readFile(await postmasterFile(dataDir), 'utf8')).split('\n')[0]),
    kill9: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    restart: () => startServer({ ...options, port, dataDir }),
    async dispose() {
      if (child.exitCode === null && child.signalCode === null) await end('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return self;
}

/** A data folder the user of PostgreSQL can enter, also when the tests run as root. */
export async function makeDataDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'curlew-server-'));
  await chmod(dir, 0o755);
  return dir;
}

async function postmasterFile(dataDir: string): Promise<string> {
  return join(dataDir, 'postgres', 'postmaster.pid');
}

async function untilListening(child: ChildProcess): Promise<{ url: string; setupCode: string }> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the server was started without pipes');
  const tail: string[] = [];
  createInterface({ input: stderr }).on('line', (line) => {
    tail.push(line);
    if (tail.length > 40) tail.shift();
  });
  let setupCode = '';
  return new Promise((done, fail) => {
    const timer = setTimeout(
      () => fail(new Error(`the server did not listen within 60 s\n${tail.join('\n')}`)),
      60_000,
    );
    child.once('exit', (code) => fail(new Error(`the server ended with ${code}\n${tail.join('\n')}`)));
    createInterface({ input: stdout }).on('line', (line) => {
      const event = parseLine(line);
      if (event?.event === 'setup' && event.setupCode) setupCode = event.setupCode;
      if (event?.event === 'listening' && event.url) {
        clearTimeout(timer);
        done({ url: event.url, setupCode });
      }
    });
  });
}

function parseLine(line: string): { event?: string; url?: string; setupCode?: string } | undefined {
  try {
    return JSON.parse(line) as { event?: string; url?: string; setupCode?: string };
  } catch {
    return undefined;
  }
}
