import { describe, expect, it } from 'vitest';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, must, ok } from '@curlew/shared/lib/result.ts';
import type { FromCore, ToCore } from '../ipc/core-port.ts';
import type { ViewChange } from '../ipc/feed.ts';
import { applyPatch } from '../ipc/feed.ts';
import type { CoreFact, CoreProcessEvents } from './core-host.ts';
import { CoreHost } from './core-host.ts';

/** A core whose every word the test speaks. */
class ScriptedCore {
  readonly received: ToCore[] = [];
  readonly #events: CoreProcessEvents;
  isTerminated = false;

  constructor(events: CoreProcessEvents) {
    this.#events = events;
  }

  say(message: FromCore): void {
    this.#events.onMessage(message);
  }

  crash(): void {
    this.#events.onExit({ error: 'TypeError', at: null });
  }

  last<T extends ToCore['type']>(type: T): Extract<ToCore, { type: T }> {
    const found = this.received.findLast(
      (message): message is Extract<ToCore, { type: T }> => message.type === type,
    );
    return must(found, `the core received ${type}`);
  }
}

function setUp() {
  const cores: ScriptedCore[] = [];
  const changes: [number, ViewChange][] = [];
  const facts: CoreFact[] = [];
  const timers: { readonly delayMs: number; readonly run: () => void; isCancelled: boolean }[] = [];
  let viewIds = 0;
  let nowMs = 0;
  const host = new CoreHost(
    {
      start(events) {
        const core = new ScriptedCore(events);
        cores.push(core);
        return {
          post: (message) => core.received.push(message),
          terminate: () => {
            core.isTerminated = true;
            return Promise.resolve();
          },
        };
      },
      config: { dataDir: '/none', appVersion: '0', deviceName: 'test', defaultServerUrl: null },
      answerPort: (request) =>
        request.port === 'network.forUrl'
          ? Promise.resolve(ok({ ca: [] }))
          : Promise.reject(new Error('no keyring')),
      toWindow: (windowId, some) =>
        changes.push(...some.map((change): [number, ViewChange] => [windowId, change])),
      onFact: (fact) => facts.push(fact),
      onCrash: () => {},
      after(delayMs, run) {
        const timer = { delayMs, run, isCancelled: false };
        timers.push(timer);
        return () => {
          timer.isCancelled = true;
        };
      },
      nowMs: () => nowMs,
      log: () => {},
    },
    () => {
      viewIds += 1;
      return viewIds;
    },
  );
  host.start();
  const core = (index = cores.length - 1): ScriptedCore => must(cores[index], 'the core was started');
  return {
    host,
    cores,
    core,
    changes,
    facts,
    timers,
    /** Runs the timer set last. */
    elapse: () => must(timers.at(-1), 'a timer was set').run(),
    setNow: (value: number) => {
      nowMs = value;
    },
  };
}

type Rig = ReturnType<typeof setUp>;

/** Opens a view in the core under the core's id 10, with one row. */
async function openView({ host, core }: Rig, windowId = 1) {
  const opening = host.openView(windowId, 'outbox', {});
  core().say({
    type: 'viewOpened',
    id: core().last('openView').id,
    answer: ok({ viewId: 10, version: 4, state: { order: ['a'], rows: { a: 1 }, meta: { total: 1 } } }),
  });
  const opened = await opening;
  if (!opened.ok) throw new Error('the view did not open');
  return opened.value;
}

const flushMicrotasks = () => new Promise((resolve) => setImmediate(resolve));

describe('CoreHost', () => {
  it('holds messages back until the core is ready, and keeps their order', async () => {
    const rig = setUp();
    void rig.host.intent(1, 'message.send', { text: 'one' });
    void rig.host.intent(1, 'message.send', { text: 'two' });
    expect(rig.core().received.map(({ type }) => type)).toEqual(['start']);
    rig.core().say({ type: 'ready' });
    expect(
      rig.core().received.map((message) => ('request' in message ? message.request : message.type)),
    ).toEqual(['start', { text: 'one' }, { text: 'two' }]);
  });

  it('gives each intent the answer of its id', async () => {
    const rig = setUp();
    rig.core().say({ type: 'ready' });
    const first = rig.host.intent(1, 'outbox.retryAll', {});
    const firstId = rig.core().last('intent').id;
    const second = rig.host.intent(2, 'outbox.retryAll', {});
    rig.core().say({ type: 'intentAnswer', id: rig.core().last('intent').id, answer: ok('second') });
    rig.core().say({ type: 'intentAnswer', id: firstId, answer: err(errorBody('NOT_FOUND')) });
    expect(await second).toEqual(ok('second'));
    expect(await first).toEqual(err(errorBody('NOT_FOUND')));
  });

  it('routes changes to the window that opened the view, under ids of its own', async () => {
    const rig = setUp();
    rig.core().say({ type: 'ready' });
    const view = await openView(rig);
    expect(view).toMatchObject({ version: 4 });
    rig
      .core()
      .say({ type: 'viewsChanged', windowId: 1, changes: [{ viewId: 10, version: 5, patch: { meta: 2 } }] });
    rig
      .core()
      .say({ type: 'viewsChanged', windowId: 2, changes: [{ viewId: 10, version: 6, patch: { meta: 3 } }] });
    expect(rig.changes).toEqual([[1, { viewId: view.viewId, version: 5, patch: { meta: 2 } }]]);
  });

  it('closes the views of a window that is gone, and only those', async () => {
    const rig = setUp();
    rig.core().say({ type: 'ready' });
    const view = await openView(rig);
    rig.host.closeView(2, view.viewId);
    rig.host.closeViewsOf(2);
    expect(rig.core().received.some(({ type }) => type === 'closeView')).toBe(false);
    rig.host.closeViewsOf(1);
    expect(rig.core().last('closeView')).toMatchObject({ windowId: 1, viewId: 10 });
    rig
      .core()
      .say({ type: 'viewsChanged', windowId: 1, changes: [{ viewId: 10, version: 5, patch: { meta: 2 } }] });
    expect(rig.changes).toEqual([]);
  });

  it('closes a view whose window went away while it was opened', async () => {
    const rig = setUp();
    rig.core().say({ type: 'ready' });
    const opening = rig.host.openView(1, 'outbox', {});
    rig.host.closeViewsOf(1);
    const state = { order: [], rows: {}, meta: {} };
    const { id } = rig.core().last('openView');
    rig.core().say({ type: 'viewOpened', id, answer: ok({ viewId: 10, version: 1, state }) });
    expect(await opening).toMatchObject({ ok: false });
    expect(rig.core().last('closeView')).toMatchObject({ viewId: 10 });
  });

  it('answers what is under way when the core dies, and starts it again after a growing pause', async () => {
    const rig = setUp();
    rig.core().say({ type: 'ready' });
    const intent = rig.host.intent(1, 'outbox.retryAll', {});
    rig.core().crash();
    expect(await intent).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
    rig.elapse();
    rig.core().crash();
    rig.elapse();
    rig.core().crash();
    expect(rig.timers.map(({ delayMs }) => delayMs)).toEqual([500, 1_000, 2_000]);
    expect(rig.cores).toHaveLength(3);
  });

  it('starts with a short pause again after the core ran well', () => {
    const rig = setUp();
    rig.core().crash();
    rig.elapse();
    rig.core().say({ type: 'ready' });
    rig.setNow(61_000);
    rig.core().crash();
    expect(rig.timers.map(({ delayMs }) => delayMs)).toEqual([500, 500]);
  });

  it('brings an open view up to date after a crash, without a gap in its versions', async () => {
    const rig = setUp();
    rig.core().say({ type: 'ready' });
    const view = await openView(rig);
    rig.core().crash();
    rig.elapse();
    rig.core().say({ type: 'ready' });
    const state = { order: ['b'], rows: { b: 2 }, meta: { total: 1 } };
    const { id } = rig.core().last('openView');
    rig.core().say({ type: 'viewOpened', id, answer: ok({ viewId: 3, version: 1, state }) });
    await flushMicrotasks();
    rig
      .core()
      .say({ type: 'viewsChanged', windowId: 1, changes: [{ viewId: 3, version: 2, patch: { meta: 0 } }] });
    expect(rig.changes.map(([, { version, viewId }]) => [viewId, version])).toEqual([
      [view.viewId, 5],
      [view.viewId, 6],
    ]);
    const replica = rig.changes.reduce((current, [, { patch }]) => applyPatch(current, patch), view.state);
    expect(replica).toEqual({ order: ['b'], rows: { b: 2 }, meta: 0 });
  });

  it('never tells a new core to close a view by the id of the old one', async () => {
    const rig = setUp();
    rig.core().say({ type: 'ready' });
    const view = await openView(rig);
    rig.core().crash();
    rig.host.closeView(1, view.viewId);
    rig.elapse();
    rig.core().say({ type: 'ready' });
    expect(rig.core().received.map(({ type }) => type)).toEqual(['start']);
  });

  it('keeps intents of the pause for the new core, and tells it the state of windows and machine', () => {
    const rig = setUp();
    rig.core().say({ type: 'ready' });
    rig.host.environment({ kind: 'windowFocusChanged', windowId: 1, isFocused: true });
    rig.host.environment({ kind: 'windowFocusChanged', windowId: 2, isFocused: true });
    rig.host.environment({ kind: 'windowVisibilityChanged', windowId: 1, isVisible: false });
    rig.host.environment({ kind: 'windowVisibilityChanged', windowId: 2, isVisible: false });
    rig.host.environment({ kind: 'windowClosed', windowId: 2 });
    rig.host.environment({ kind: 'networkDown' });
    rig.host.environment({ kind: 'resumed' });
    rig.core().crash();
    void rig.host.intent(1, 'outbox.retryAll', {});
    rig.elapse();
    rig.core().say({ type: 'ready' });
    expect(rig.core().received.slice(1)).toMatchObject([
      { event: { kind: 'windowFocusChanged', windowId: 1, isFocused: true } },
      { event: { kind: 'windowVisibilityChanged', windowId: 1, isVisible: false } },
      { event: { kind: 'networkDown' } },
      { type: 'intent', name: 'outbox.retryAll' },
    ]);
  });

  it('answers the core’s questions, a failure as INTERNAL, and only to the core that asked', async () => {
    const rig = setUp();
    rig.core().say({ type: 'ready' });
    rig.core().say({ type: 'portRequest', id: 1, request: { port: 'network.forUrl', url: 'https://x' } });
    rig.core().say({ type: 'portRequest', id: 2, request: { port: 'keyring.get', account: 'a' } });
    rig.core().crash();
    rig.elapse();
    await flushMicrotasks();
    expect(rig.core(0).received.filter(({ type }) => type === 'portAnswer')).toMatchObject([
      { id: 1, answer: { ok: true } },
      { id: 2, answer: { ok: false, error: { code: 'INTERNAL' } } },
    ]);
    expect(rig.core(1).received.map(({ type }) => type)).toEqual(['start']);
  });

  it('stops by asking, and ends the core once it says so', async () => {
    const rig = setUp();
    rig.core().say({ type: 'ready' });
    const stopping = rig.host.stop();
    expect(rig.core().last('stop')).toEqual({ type: 'stop' });
    expect(rig.core().isTerminated).toBe(false);
    rig.core().say({ type: 'stopped' });
    await stopping;
    expect(rig.core().isTerminated).toBe(true);
    expect(await rig.host.intent(1, 'outbox.retryAll', {})).toMatchObject({ ok: false });
  });

  it('ends a core that does not stop in time, and never starts one that crashed before', async () => {
    const rig = setUp();
    rig.core().say({ type: 'ready' });
    const stopping = rig.host.stop();
    rig.elapse();
    await stopping;
    expect(rig.core().isTerminated).toBe(true);

    const crashed = setUp();
    crashed.core().crash();
    await crashed.host.stop();
    expect(crashed.timers.every(({ isCancelled }) => isCancelled)).toBe(true);
  });

  it('answers what waits for a core that is stopped after it crashed', async () => {
    const rig = setUp();
    rig.core().crash();
    const pending = [rig.host.intent(1, 'message.send', { text: 'one' }), rig.host.openView(1, 'outbox', {})];
    await rig.host.stop();
    expect(await Promise.all(pending)).toMatchObject([
      { ok: false, error: { code: 'INTERNAL' } },
      { ok: false, error: { code: 'INTERNAL' } },
    ]);
  });

  it('gives the queue to a core that is stopped before it was ready', async () => {
    const rig = setUp();
    void rig.host.intent(1, 'message.send', { text: 'last words' });
    const stopping = rig.host.stop();
    expect(rig.core().received.map(({ type }) => type)).toEqual(['start', 'intent', 'stop']);
    rig.core().say({ type: 'stopped' });
    await stopping;
  });
});
