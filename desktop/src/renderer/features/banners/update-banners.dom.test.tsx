import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import type { UpdatesMeta } from '../../../ipc/settings-views.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { UpdateGroup } from '../settings/update-group.tsx';
import { useUpdateBanners } from './update-banners.tsx';

afterEach(cleanup);

const idle: UpdatesMeta = { state: 'idle', version: null, percent: null, checkedAtMs: null, deadline: null };
const deadline = { version: '0.2.0', atMs: Date.UTC(2027, 0, 31, 12), stage: 'days30' } as const;

function Banners() {
  return <>{useUpdateBanners()}</>;
}

function show(updates: Partial<UpdatesMeta>) {
  const { fake, world } = installWorld();
  world.updates = { ...idle, ...updates };
  return fake;
}

describe('banners', () => {
  it('are absent while there is nothing to do', () => {
    show({ state: 'current' });
    renderUi(<Banners />);
    expect(screen.queryByRole('status')).toBeNull();
  });

  it('offer the restart, and never take it', async () => {
    const fake = show({ state: 'ready', version: '0.2.0' });
    renderUi(<Banners />);
    expect((await screen.findByRole('status')).textContent).toContain('Curlew 0.2.0 is ready');
    expect(fake.requests('update.restart')).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Restart to update' }));
    expect(fake.requests('update.restart')).toEqual([{}]);
  });

  it('can be put aside', async () => {
    show({ state: 'ready', version: '0.2.0' });
    renderUi(<Banners />);
    await userEvent.click(await screen.findByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('status')).toBeNull();
  });

  it('say until when this version is taken, and what goes on afterwards', async () => {
    show({ deadline });
    renderUi(<Banners />);
    expect((await screen.findByRole('alert')).textContent).toContain(
      'Curlew 0.2.0 or newer only. Update until then',
    );
    cleanup();
    show({ deadline: { ...deadline, stage: 'passed' } });
    renderUi(<Banners />);
    expect((await screen.findByRole('alert')).textContent).toContain(
      'You can read, search, write drafts and export',
    );
  });
});

describe('Settings > About', () => {
  it('looks for an update when asked', async () => {
    const fake = show({});
    renderUi(<UpdateGroup />);
    await userEvent.click(await screen.findByRole('button', { name: 'Check now' }));
    expect(fake.requests('update.check')).toEqual([{}]);
  });

  it('offers no look where this copy does not update itself', async () => {
    show({ state: 'off' });
    renderUi(<UpdateGroup />);
    await screen.findByText(/does not update itself/);
    expect(screen.queryByRole('button', { name: 'Check now' })).toBeNull();
  });
});
