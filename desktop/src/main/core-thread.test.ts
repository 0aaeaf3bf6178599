import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ViewChange } from '../ipc/feed.ts';
import { CoreHost } from './core-host.ts';
import { startCoreThread } from './core-thread.ts';

const workerFile = path.join(import.meta.dirname, 'test/echo-worker.ts');

function startHost() {
  const changes: ViewChange[] = [];
  const events: string[] = [];
  const facts: string[] = [];
  let viewIds = 0;
  const host = new CoreHost(
    {
      start: (coreEvents) => startCoreThread(workerFile, coreEvents, ({ sqlite }) => facts.push(sqlite)),
      config: { dataDir: '/none', appVersion: '0', deviceName: 'test', defaultServerUrl: null },
      answerPort: () => Promise.reject(new Error('the echo core asks nothing')),
      toWindow: (_windowId, some) => changes.push(...some),
      onFact: () => {},
      onCrash: () => {},
      after(_delayMs, run) {
        const timer = setTimeout(run, 10);
        return () => clearTimeout(timer);
      },
      nowMs: () => 0,
      log: (_level, event, fields) => events.push(`${event} ${String(fields?.['error'])}`),
    },
    () => {
      viewIds += 1;
      return viewIds;
    },
  );
  host.start();
  return { host, changes, events, facts };
}

describe('the core in a real thread', () => {
  it('answers, reports what it runs on, and stops when asked', async () => {
    const { host, facts } = startHost();
    expect(await host.intent(1, 'outbox.retry', { opId: 'x' })).toEqual({
      ok: true,
      value: { echoed: { opId: 'x' } },
    });
    expect(facts).toEqual(['3.0.0']);
    await host.stop();
    expect(await host.intent(1, 'outbox.retryAll', {})).toMatchObject({ ok: false });
  });

  it('is started again after a bug nobody caught, and goes on serving what was open', async () => {
    const { host, changes, events } = startHost();
    const opened = await host.openView(1, 'session', {});
    expect(await host.intent(1, 'connection.retryNow', {})).toMatchObject({
      ok: false,
      error: { code: 'INTERNAL' },
    });
    expect(await host.intent(1, 'outbox.retryAll', {})).toMatchObject({ ok: true });
    await expect.poll(() => changes).toMatchObject([{ version: 2, patch: { meta: { state: 'none' } } }]);
    expect(opened.ok && changes[0]?.viewId === opened.value.viewId).toBe(true);
    expect(events).toEqual(['core.crashed RangeError']);
    await host.stop();
  });
});
