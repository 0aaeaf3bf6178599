/**
 * A client in another language: Debian's python3-socketio signs in, sends, receives, pages history and sees receipts,
 * with nothing of this repository but the published protocol. Every frame it sends matches an example of that page.
 */
import { spawnSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { registerPeople } from './support/people.ts';
import { startServer } from './support/server-process.ts';

const root = resolve(import.meta.dirname, '..');
const needed = 'import requests, socketio, websocket';

/** Debian's own Python first: another one on the PATH does not see Debian's packages. */
function findPython(): string | undefined {
  const candidates = ['/usr/bin/python3', 'python3'].filter((it) => !it.startsWith('/') || existsSync(it));
  return candidates.find((python) => spawnSync(python, ['-c', needed]).status === 0);
}

const figuresSchema = z.object({
  sent: z.int(),
  received: z.int(),
  pulled: z.int(),
  history: z.int(),
  readSeq: z.int(),
  vectors: z.int(),
  framesChecked: z.int(),
});

async function runClient(
  python: string,
  args: readonly string[],
): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const child = spawn(python, [join(root, 'e2e/foreign-client/client.py'), ...args], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  return { stdout, stderr, code };
}

test('a Python client that only read docs/protocol.md takes part in a conversation', async ({ skip }) => {
  const python = findPython();
  if (python === undefined) {
    skip(
      'needs Python 3 with socketio, websocket and requests (Debian: python3-socketio python3-websocket python3-requests)',
    );
    return;
  }
  const server = await startServer();
  try {
    const [ada, bob] = await registerPeople(server, ['Ada', 'Bob']);
    if (!ada || !bob) throw new Error('two people were registered');
    const document = join(root, 'docs/protocol.md');
    const run = await runClient(python, [
      server.url,
      document,
      ada.email,
      ada.password,
      bob.email,
      bob.password,
    ]);
    expect(run.code, run.stderr).toBe(0);
    const figures = figuresSchema.parse(JSON.parse(run.stdout));
    expect(figures).toMatchObject({ sent: 120, received: 120, history: 121, vectors: 6 });
    expect(figures.framesChecked).toBeGreaterThan(40);
  } finally {
    await server.dispose();
  }
});
