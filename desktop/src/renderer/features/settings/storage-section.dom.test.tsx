import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ok } from '@curlew/shared/lib/result.ts';
import { currentToast } from '../../lib/toast.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId } from '../../preview/world.ts';
import { StorageSection } from './storage-section.tsx';

let fake: FakeBridge;
const row = (index: number, title: string | null, messages: number, bytes: number) => ({
  conversationId: fakeId(2, index),
  title,
  messages,
  bytes,
});

beforeEach(() => {
  ({ fake } = installWorld((name, request) => {
    if (name === 'storage.files')
      return ok({
        parts: { messages: 262e6, search: 100e6, outbox: 1_200, logs: 999_950, app: 40e6 },
        freeBytes: 212e9,
      });
    if (name !== 'storage.step') return undefined;
    return (request as { after: number }).after === 0
      ? ok({
          next: 4_000,
          done: 4_000,
          total: 5_000,
          rows: [row(1, 'Small', 1, 900), row(2, 'Big', 2_000, 8e5)],
        })
      : ok({
          next: null,
          done: 5_000,
          total: 5_000,
          rows: [row(2, 'Big', 500, 4e5), row(3, null, 3, 2_000)],
        });
  }));
});
afterEach(cleanup);

it('shows the parts and the conversations, the largest first, in sizes people compare', async () => {
  renderUi(<StorageSection isOffline={false} />);
  await screen.findByText('Big');
  const rows = [...document.querySelectorAll('.srow')].map((each) => each.textContent);
  expect(rows.slice(0, 5)).toEqual([
    'Messages and conversations262 MB',
    'Search index100 MB',
    'The app itself40 MB',
    'Logs1 MB',
    'Outbox, drafts and their reserve1.2 kB',
  ]);
  expect(rows.slice(6, 9)).toEqual([
    'Big2500 messages1.2 MB',
    'Conversation without a name3 messages2 kB',
    'Small1 message900 bytes',
  ]);
  expect(document.querySelector('.storage-total')?.textContent).toBe('403 MB on this device, 212 GB free');
  expect(screen.queryByRole('progressbar')).toBeNull();
});

it('asks before it clears, says when it comes back, and counts anew', async () => {
  renderUi(<StorageSection isOffline />);
  await screen.findByText('Big');
  await userEvent.click(screen.getByRole('button', { name: 'Clear…' }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Clear the cache?' });
  within(dialog).getByText(/come back when this device is connected again/);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Keep it' }));
  expect(fake.requests('storage.clear')).toEqual([]);
  await userEvent.click(await screen.findByRole('button', { name: 'Clear…' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Clear cache' }));
  expect(fake.requests('storage.clear')).toEqual([{}]);
  expect(currentToast.get()?.text).toBe('Cache cleared. Conversations come back when you’re connected.');
  expect(fake.requests('storage.files')).toHaveLength(2);
});
