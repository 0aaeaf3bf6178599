/**
 * What a desktop gives an app, for tests: a display (Xvfb), a session bus and an unlocked secret service
 * (gnome-keyring), all real. A vitest global setup: its environment reaches every test process.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const started: ChildProcess[] = [];
let home: string | undefined;

/** Starts what is missing. Called once by vitest before the e2e suites. */
export async function setup(): Promise<void> {
  if (process.platform !== 'linux') return;
  if (!process.env['DISPLAY']) process.env['DISPLAY'] = await startDisplay();
  // Without a window manager no window can take the focus from another, and focus decides what counts as read.
  if (isInstalled('openbox')) started.push(spawn('openbox', ['--sm-disable'], { stdio: 'ignore' }));
  home = await mkdtemp(join(tmpdir(), 'curlew-desktop-session-'));
  process.env['DBUS_SESSION_BUS_ADDRESS'] = await startBus(home);
  process.env['XDG_DATA_HOME'] = join(home, 'data');
  process.env['XDG_RUNTIME_DIR'] ??= home;
  if (isInstalled('gnome-keyring-daemon')) {
    // The password is read from standard input; an empty line unlocks a new keyring of this run only.
    spawnSync('gnome-keyring-daemon', ['--daemonize', '--unlock', '--components=secrets'], {
      input: 'curlew\n',
    });
  }
}

/** Ends what `setup` started. */
export async function teardown(): Promise<void> {
  for (const child of started.reverse()) child.kill('SIGTERM');
  if (home) await rm(home, { recursive: true, force: true });
}

function isInstalled(command: string): boolean {
  return spawnSync('which', [command]).status === 0;
}

async function startDisplay(): Promise<string> {
  // -displayfd lets the server choose a free number and tell it.
  const child = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  return `:${await firstLine(child)}`;
}

async function startBus(folder: string): Promise<string> {
  // Starts no service by itself: a notification daemon of this machine would take the place of the tests' own.
  const config = join(folder, 'session-bus.conf');
  await writeFile(
    config,
    `<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=${tmpdir()}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`,
  );
  const child = spawn('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  return firstLine(child);
}

async function firstLine(child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (!stdout) throw new Error('started without a pipe');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}`)));
    createInterface({ input: stdout }).once('line', resolve);
  });
}
