/**
 * The packaged app as people run it, driven over the DevTools protocol (its inspect fuse is off, so nothing else can
 * drive it). Owns starting the unpacked build and reaching its window.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

/** A running packaged app. */
export interface PackagedApp {
  readonly page: Page;
  readonly process: ChildProcess;
  /** Wall time at which the process was started, ms since 1970. */
  readonly startedAtMs: number;
  close(): Promise<void>;
}

/** Starts `executable` on a profile (`args` first, `env` beside this process's own) and waits for its window. */
export async function launchPackaged(
  executable: string,
  profileDir: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<PackagedApp> {
  await rm(portFileOf(profileDir), { force: true });
  const isRoot = process.getuid?.() === 0;
  const startedAtMs = Date.now();
  const child = spawn(
    executable,
    [
      ...args,
      `--user-data-dir=${profileDir}`,
      '--remote-debugging-port=0',
      // Cookie encryption would ask the keyring before the window opens; the bench has no cookies.
      '--password-store=basic',
      ...(isRoot ? ['--no-sandbox'] : []),
    ],
    { stdio: 'ignore', env: { ...process.env, ...env } },
  );
  const { page, browser } = await reachPackaged(profileDir);
  return {
    page,
    process: child,
    startedAtMs,
    async close() {
      await browser.close().catch(() => undefined);
      const gone = new Promise<void>((done) => child.once('exit', () => done()));
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await gone;
      }
    },
  };
}

/** Reaches the window of an app that runs on a profile, also one it started by itself. */
export async function reachPackaged(profileDir: string): Promise<{ page: Page; browser: Browser }> {
  const port = await readWhenThere(portFileOf(profileDir));
  const browser = await connect(`http://127.0.0.1:${port}`);
  return { page: await firstPage(browser), browser };
}

/** Where an app writes the port it is driven through; whoever waits for the next one removes it first. */
export function portFileOf(profileDir: string): string {
  return join(profileDir, 'DevToolsActivePort');
}

// A connection made while the first window is being created can hang; a second one succeeds.
async function connect(endpoint: string): Promise<Browser> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await chromium.connectOverCDP(endpoint, { timeout: 4_000 });
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

async function readWhenThere(file: string): Promise<string> {
  for (let attempt = 0; attempt < 1200; attempt += 1) {
    const port = await readFile(file, 'utf8').then(
      (text) => text.split('\n')[0] ?? '',
      () => '',
    );
    if (port !== '') return port;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the packaged app opened no DevTools port within 30 s');
}

async function firstPage(browser: Browser): Promise<Page> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const page = browser.contexts().flatMap((context) => context.pages())[0];
    if (page) return page;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the packaged app opened no window within 10 s');
}
