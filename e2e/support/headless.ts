/**
 * The real core in a process of its own, without a window: what the app's worker thread runs, driven over the same
 * port messages, one JSON line each. Owns killing it like a crash and starting it again on the same files.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { EnvironmentEvent, FromCore, PortRequest, ToCore } from '../../desktop/src/ipc/core-port.ts';
import type { IntentAnswer, IntentName, IntentRequest } from '../../desktop/src/ipc/intents.ts';
import type { ViewName, ViewParams, ViewTypes } from '../../desktop/src/ipc/views.ts';

const program = resolve(import.meta.dirname, '../headless-core.ts');

/** A running core. */
export interface HeadlessCore {
  invoke<I extends IntentName>(
    name: I,
    request: IntentRequest<I>,
  ): Promise<Result<IntentAnswer<I>, ErrorBody>>;
  read<V extends ViewName>(
    name: V,
    params: ViewParams<V>,
  ): Promise<{ rows: ViewTypes[V]['row'][]; meta: ViewTypes[V]['meta'] }>;
  /** What main would tell of windows, power and network. */
  tell(event: EnvironmentEvent): void;
  kill9(): Promise<void>;
  stop(): Promise<void>;
}

/** Options of {@link startCore}. The keyring outlives the process, as the desktop's does. */
export interface HeadlessOptions {
  readonly dataDir: string;
  readonly serverUrl: string;
  readonly keyring: Map<string, string>;
  readonly tuning?: Readonly<Record<string, number>>;
}

/** Starts a core on a folder and waits until it answers. */
export async function startCore(options: HeadlessOptions): Promise<HeadlessCore> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const waiting = new Map<number, (answer: never) => void>();
  let nextId = 1;
  const post = (message: ToCore): void => {
    // A core that was just killed has no ears; its questions stay unanswered, as a window's would.
    if (child.stdin.writable) child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  child.stdin.on('error', () => undefined);
  const ready = new Promise<void>((done, fail) => {
    void gone.then(() => fail(new Error('the core ended before it was ready')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as FromCore;
      if (message.type === 'ready') done();
      if (message.type === 'portRequest') {
        post({ type: 'portAnswer', id: message.id, answer: answerPort(options.keyring, message.request) });
      }
      if (message.type === 'intentAnswer' || message.type === 'viewOpened') {
        waiting.get(message.id)?.(message.answer as never);
        waiting.delete(message.id);
      }
    });
  });
  ready.catch(() => undefined);
  post({
    type: 'start',
    config: {
      dataDir: options.dataDir,
      appVersion: 'test',
      deviceName: 'headless',
      defaultServerUrl: options.serverUrl,
      tuning: options.tuning,
    },
  });
  await ready;
  const ask = <T>(make: (id: number) => ToCore): Promise<T> =>
    new Promise((done) => {
      const id = nextId++;
      waiting.set(id, done);
      post(make(id));
    });
  return {
    invoke: (name, request) => ask((id) => ({ type: 'intent', id, windowId: 1, name, request })),
    async read(view, params) {
      const opened = await ask<
        Result<{ viewId: number; state: { order: string[]; rows: object; meta: never } }, ErrorBody>
      >((id) => ({ type: 'openView', id, windowId: 1, view, params }));
      if (!opened.ok) throw new Error(opened.error.code);
      const { viewId, state } = opened.value;
      post({ type: 'closeView', windowId: 1, viewId });
      const rows = state.rows as Record<string, never>;
      return { rows: state.order.map((key) => rows[key] as never), meta: state.meta };
    },
    tell: (event) => post({ type: 'environment', event }),
    async kill9() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      post({ type: 'stop' });
      child.stdin.end();
      await gone;
    },
  };
}

function answerPort(keyring: Map<string, string>, request: PortRequest): Result<unknown, ErrorBody> {
  switch (request.port) {
    case 'keyring.get':
      return { ok: true, value: keyring.get(request.account) ?? null };
    case 'keyring.set':
      keyring.set(request.account, request.secret);
      return { ok: true, value: null };
    case 'keyring.delete':
      keyring.delete(request.account);
      return { ok: true, value: null };
    case 'network.forUrl':
      return { ok: true, value: { ca: [] } };
    case 'unsent.save':
    case 'file.save':
      // Nobody is there to choose a place.
      return { ok: true, value: false };
    case 'folder.make':
      return { ok: true, value: null };
  }
}
