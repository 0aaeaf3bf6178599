/**
 * A notification daemon as people have it (dunst), on a session bus of its own. Its own log says what it was given, and
 * it says itself what it shows; a test clicks through it.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from './gestures.ts';

/** The running daemon. */
export interface Dunst {
  /** The bus, for the environment of an app. */
  readonly env: { readonly DBUS_SESSION_BUS_ADDRESS: string };
  /** Where services that the bus starts keep their settings. */
  readonly configHome: string;
  /** What it printed: every notification it was given, summary and body among it. */
  log(): string;
  /** How many it shows now. */
  displayed(): number;
  /** Does what a click on the newest does. */
  click(): void;
  stop(): Promise<void>;
}

/** Whether it can be run here. */
export function hasDunst(): boolean {
  return spawnSync('which', ['dunst', 'dunstctl']).status === 0;
}

/** Starts a bus and the daemon on it. */
export async function startDunst(): Promise<Dunst> {
  const home = await mkdtemp(join(tmpdir(), 'curlew-dunst-'));
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    env: { ...process.env, XDG_CONFIG_HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await firstLine(bus);
  const env = { DBUS_SESSION_BUS_ADDRESS: address };
  const config = join(home, 'dunstrc');
  // Nothing goes away by itself, so that what is gone was taken back.
  await writeFile(
    config,
    '[global]\nidle_threshold = 0\nmax_icon_size = 48\n[urgency_normal]\ntimeout = 0\n',
  );
  let printed = '';
  const daemon = spawn('dunst', ['-config', config, '-print'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  daemon.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString('utf8');
  });
  const control = (...args: readonly string[]): string =>
    execFileSync('dunstctl', args, { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 5_000 });
  // Asked for before this one is there, the bus would start another, which nobody listens to.
  await until(
    'dunst shows notifications',
    async () => hasOwner('org.freedesktop.Notifications', env),
    Boolean,
  );
  return {
    env,
    configHome: home,
    log: () => printed,
    displayed: () => Number(control('count', 'displayed').trim()),
    click: () => void control('action', '0'),
    async stop() {
      daemon.kill();
      bus.kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function hasOwner(name: string, env: Dunst['env']): boolean {
  const bus = 'org.freedesktop.DBus';
  const question = ['/org/freedesktop/DBus', `${bus}.NameHasOwner`, `string:${name}`];
  const { stdout } = spawnSync('dbus-send', ['--session', '--print-reply', `--dest=${bus}`, ...question], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 5_000,
  });
  return stdout.includes('boolean true');
}

async function firstLine(child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (!stdout) throw new Error('started without a pipe');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    createInterface({ input: stdout }).once('line', resolve);
  });
}
