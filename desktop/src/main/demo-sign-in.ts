/**
 * Signs a person in by itself, for `npm start -- --demo` and for tests. Owns that it happens in an unpackaged app
 * only, and only where nobody is signed in. The password comes from a file, so that it is in nobody's process list.
 */
import { readFile } from 'node:fs/promises';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { retryClassOf } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { IntentName } from '../ipc/intents.ts';
import { intents } from '../ipc/intents.ts';
import type { Log } from './log-file.ts';
import type { SessionWatch } from './session-watch.ts';
import { MAIN_WINDOW_ID } from './own-views.ts';

/** A server that is just starting gets this many tries, one a second. */
const ATTEMPTS = 30;
const RETRY_MS = 1_000;

interface DemoPorts {
  readonly session: SessionWatch;
  readonly core: {
    intent(windowId: number, name: IntentName, request: unknown): Promise<Result<unknown, ErrorBody>>;
  };
  after(delayMs: number, run: () => void): () => void;
  log: Log;
}

/** Watches the session and signs in once, as the file `{serverUrl, email, password}` says. */
export function signInForDemo(file: string, ports: DemoPorts): void {
  let hasStarted = false;
  let keeps = false;
  ports.session.onChange((session) => {
    // Without a keyring the sign-in of the run before is gone, but its messages are kept.
    const isSignedOut = session.state === 'none' || (session.state === 'active' && session.needsSignIn);
    if (isSignedOut && !hasStarted) {
      hasStarted = true;
      void signIn(file, ports);
    }
    if (session.state === 'active' && session.keyring === 'ask' && !keeps) {
      keeps = true;
      void ports.core.intent(MAIN_WINDOW_ID, 'session.keepForThisRun', {});
    }
  });
}

async function signIn(file: string, ports: DemoPorts): Promise<void> {
  const request = await readRequest(file);
  if (request === undefined) return ports.log('error', 'demo.badFile');
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const answer = await ports.core.intent(MAIN_WINDOW_ID, 'session.signIn', request);
    if (answer.ok) return ports.log('info', 'demo.signedIn', { attempt });
    ports.log('warn', 'demo.signInFailed', { attempt, code: answer.error.code });
    if (retryClassOf(answer.error.code) !== 'backoff') return;
    await new Promise<void>((resolve) => ports.after(RETRY_MS, resolve));
  }
}

async function readRequest(file: string) {
  try {
    return intents['session.signIn'].request.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
