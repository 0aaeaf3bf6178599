import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { SessionMeta } from '../ipc/views.ts';
import { signInForDemo } from './demo-sign-in.ts';

const request = {
  serverUrl: 'http://127.0.0.1:1',
  email: 'maya@example.org',
  password: 'correct horse battery',
};
const signedOut: SessionMeta = { state: 'none', lastServerUrl: null };
const active: SessionMeta = {
  state: 'active',
  accountId: 'a',
  userId: 'u',
  deviceId: 'd',
  serverUrl: request.serverUrl,
  email: request.email,
  name: 'Maya',
  orgs: [],
  needsSignIn: false,
  keyring: 'stored',
  notices: [],
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'curlew-demo-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Runs the sign-in from a first session; the core refuses with `refusals` first, then accepts. */
async function setUp(first: SessionMeta, content: unknown, refusals: ErrorCode[] = []) {
  const file = path.join(folder, 'sign-in.json');
  await writeFile(file, JSON.stringify(content));
  const asked: [string, unknown][] = [];
  const logged: string[] = [];
  const listeners: ((session: SessionMeta) => void)[] = [];
  signInForDemo(file, {
    session: {
      onChange(listener) {
        listeners.push(listener);
        listener(first);
      },
    },
    core: {
      intent(_windowId, name, payload) {
        asked.push([name, payload]);
        const code = refusals.shift();
        return Promise.resolve(code ? err(errorBody(code)) : ok({}));
      },
    },
    after(_delayMs, run) {
      queueMicrotask(run);
      return () => {};
    },
    log: (_level, event, fields) => logged.push(`${event} ${String(fields?.['code'] ?? '')}`.trim()),
  });
  return { asked, logged, change: (session: SessionMeta) => listeners.forEach((listen) => listen(session)) };
}

describe('signing in for the demo', () => {
  it('signs in once where nobody is signed in', async () => {
    const { asked, logged, change } = await setUp(signedOut, request);
    await expect.poll(() => logged).toEqual(['demo.signedIn']);
    change(signedOut);
    expect(asked).toEqual([['session.signIn', request]]);
  });

  it('leaves a person who is signed in alone', async () => {
    const { asked } = await setUp(active, request);
    expect(asked).toEqual([]);
  });

  it('waits for a server that is starting, and gives up on a wrong password', async () => {
    const { asked, logged } = await setUp(signedOut, request, ['OFFLINE', 'BUSY', 'WRONG_CREDENTIALS']);
    await expect.poll(() => logged.at(-1)).toBe('demo.signInFailed WRONG_CREDENTIALS');
    expect(asked).toHaveLength(3);
  });

  it('stays for this run where there is no keyring', async () => {
    const { asked, change } = await setUp({ ...active, keyring: 'ask' }, request);
    change({ ...active, keyring: 'ask' });
    expect(asked).toEqual([['session.keepForThisRun', {}]]);
  });

  it('says so, without its content, when the file is no sign-in', async () => {
    const { asked, logged } = await setUp(signedOut, { email: 'x' });
    await expect.poll(() => logged).toEqual(['demo.badFile']);
    expect(asked).toEqual([]);
  });
});
