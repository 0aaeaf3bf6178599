import { act, cleanup, screen } from '@testing-library/react';
import { useEffect } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bridge } from '../../ipc/bridge.ts';
import type { ViewChange } from '../../ipc/feed.ts';
import type { FakeBridge } from '../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import type { World } from '../preview/world.ts';
import { useMeta, useView } from './use-view.ts';

let world: World;
let fake: FakeBridge;
const renders = { count: 0 };

beforeEach(() => {
  ({ world, fake } = installWorld());
  renders.count = 0;
});
afterEach(cleanup);

function Total() {
  const meta = useMeta('outbox', {});
  useEffect(() => {
    renders.count += 1;
  });
  return <p>{meta ? `total ${meta.total}` : 'nothing yet'}</p>;
}

function Titles() {
  const { state } = useView('conversations', { filter: 'all', offset: 0, limit: 200 });
  return <p>{(state?.order ?? []).map((key) => state?.rows[key]?.title).join(' ')}</p>;
}

const add = (count: number) => {
  world.outbox = Array.from({ length: count }, (_, at) => ({
    opId: String(at),
    group: 'waiting',
    state: 'queued',
    action: 'send',
    conversationId: null,
    conversationTitle: '',
    text: '',
    composedAtMs: 0,
    dropAtMs: null,
    error: null,
    can: [],
  }));
};

describe('live views', () => {
  it('show a snapshot, then patches, and render only those who read what changed', async () => {
    renderUi(<Total />);
    expect(await screen.findByText('total 0')).toBeTruthy();
    const before = renders.count;
    world.isOffline = true;
    act(() => fake.refresh());
    expect(renders.count).toBe(before);
    add(2);
    act(() => fake.refresh());
    expect(screen.getByText('total 2')).toBeTruthy();
  });

  it('share one open view between components and close it after the last', async () => {
    const opened: string[] = [];
    const closed: number[] = [];
    const open = fake.openView;
    fake.openView = (name, params) => {
      opened.push(name);
      return open(name, params);
    };
    fake.closeView = (viewId) => closed.push(viewId);
    const view = renderUi(
      <>
        <Total />
        <Total />
      </>,
    );
    expect(await screen.findAllByText('total 0')).toHaveLength(2);
    expect(opened).toEqual(['outbox']);
    view.unmount();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(closed).toHaveLength(1);
  });

  it('apply patches that overtake their snapshot, and open again after a gap', async () => {
    let send: (change: ViewChange) => void = () => undefined;
    fake.onViewsChanged = (listener) => {
      send = (change) => listener([change]);
      return () => true;
    };
    let opened = 0;
    fake.openView = (async () => {
      opened += 1;
      const viewId = opened;
      send({ viewId, version: 2, patch: { meta: { total: 10 + opened } } });
      await Promise.resolve();
      return { ok: true, value: { viewId, version: 1, state: { order: [], rows: {}, meta: { total: 1 } } } };
    }) as unknown as Bridge['openView'];
    renderUi(<Total />);
    expect(await screen.findByText('total 11')).toBeTruthy();
    act(() => send({ viewId: 1, version: 2, patch: { meta: { total: 99 } } }));
    expect(screen.getByText('total 11')).toBeTruthy();
    act(() => send({ viewId: 1, version: 4, patch: { meta: { total: 99 } } }));
    expect(await screen.findByText('total 12')).toBeTruthy();
    expect(opened).toBe(2);
  });

  it('keep row identity, so that memoised rows stay untouched', async () => {
    renderUi(<Titles />);
    expect(await screen.findByText(/^Priya Nair Tom Becker/)).toBeTruthy();
    const [first, second, ...rest] = world.conversations;
    if (first && second) world.conversations = [second, first, ...rest];
    act(() => fake.refresh());
    expect(screen.getByText(/^Tom Becker Priya Nair/)).toBeTruthy();
  });
});
