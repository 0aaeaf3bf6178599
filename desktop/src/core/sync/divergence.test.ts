/** A log that differs: compared once, loaded anew the second time, the connection ends the third time. */
import { describe, expect, it } from 'vitest';
import { ok } from '@curlew/shared/lib/result.ts';
import type { LogRow } from '../store/store-types.ts';
import { Divergence } from './divergence.ts';
import type { SyncContext } from './sync-context.ts';
import { contextWith } from './testing/sync-context.ts';

const LOG = '00000000-0000-7000-8000-00000000000a';
const row = { id: LOG, kind: 'conversation', tail: 5, chain: '0'.repeat(16) } as LogRow;

function divergenceWhere(same: boolean) {
  const happened: string[] = [];
  const call = (() => {
    happened.push('compared');
    return Promise.resolve(ok({ logs: [{ id: LOG, same, head: 5, commonAtMost: 4 }] }));
  }) as unknown as SyncContext['call'];
  const context = contextWith({
    call,
    reader: { log: () => row, logs: () => [row] },
    ingest: { forgetLog: () => void happened.push('forgotten') },
    outbox: { reoffer: () => happened.push('offered again') },
  });
  const divergence = new Divergence(context, {
    settled: () => happened.push('settled'),
    restored: () => happened.push('restored'),
    failed: (error) => happened.push(error.code),
  });
  return { divergence, happened };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('a log that may differ', () => {
  it('is offered again before it is forgotten, and loaded anew, when the server says so', async () => {
    const { divergence, happened } = divergenceWhere(false);
    divergence.suspect(LOG);
    await turn();
    expect(happened).toEqual(['compared', 'offered again', 'forgotten', 'restored', 'settled']);
  });

  it('is believed once, loaded anew the second time, and ends the connection the third', async () => {
    const { divergence, happened } = divergenceWhere(true);
    divergence.suspect(LOG);
    await turn();
    expect(happened.splice(0)).toEqual(['compared', 'settled']);
    divergence.suspect(LOG);
    expect(happened.splice(0)).toEqual(['offered again', 'forgotten', 'settled']);
    divergence.suspect(LOG);
    expect(happened).toEqual(['DIVERGED']);
  });

  it('counts anew on the next connection', async () => {
    const { divergence, happened } = divergenceWhere(true);
    divergence.suspect(LOG);
    await turn();
    divergence.reset();
    happened.length = 0;
    divergence.suspect(LOG);
    await turn();
    expect(happened).toEqual(['compared', 'settled']);
  });
});
