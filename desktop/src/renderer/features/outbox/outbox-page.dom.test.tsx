import { act, cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { OutboxRow } from '../../../ipc/writing.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, type World } from '../../preview/world.ts';
import { OutboxPage } from './outbox-page.tsx';

let world: World;
let fake: FakeBridge;

beforeEach(() => {
  ({ world, fake } = installWorld());
});
afterEach(cleanup);

const entry = (index: number, part: Partial<OutboxRow>): OutboxRow => ({
  opId: fakeId(8, index),
  group: 'waiting',
  state: 'queued',
  action: 'send',
  conversationId: fakeId(2, 1),
  conversationTitle: 'Priya Nair',
  text: `Text ${index}`,
  composedAtMs: Date.now(),
  dropAtMs: null,
  error: null,
  can: ['edit', 'cancel'],
  ...part,
});

describe('Outbox', () => {
  it('says that nothing waits', async () => {
    renderUi(<OutboxPage isOffline={false} />);
    expect(
      await screen.findByText('Nothing is waiting. Messages you write offline appear here.'),
    ).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Try all now' })).toBeNull();
  });

  it('groups entries, gives the reason and the answers of what needs attention', async () => {
    world.outbox = [
      entry(1, {
        group: 'attention',
        state: 'failed',
        error: errorBody('NOT_MEMBER'),
        can: ['retry', 'edit', 'discard'],
      }),
      entry(2, { group: 'attention', state: 'parked', can: ['sendNow', 'discard'] }),
      entry(3, {}),
    ];
    renderUi(<OutboxPage isOffline />);
    expect(await screen.findByRole('heading', { name: 'Needs your attention · 2' })).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'Waiting · 1' })).toBeTruthy();
    expect(screen.getByText(/Not sent\. You’re no longer a member/)).toBeTruthy();
    const failed = screen.getByRole('group', { name: 'Priya Nair: Text 1' });
    await userEvent.click(within(failed).getByRole('button', { name: 'Try again' }));
    const parked = screen.getByRole('group', { name: 'Priya Nair: Text 2' });
    await userEvent.click(within(parked).getByRole('button', { name: 'Send now' }));
    expect(fake.requests('outbox.retry')).toEqual([{ opId: fakeId(8, 1) }]);
    expect(fake.requests('outbox.sendNow')).toEqual([{ opId: fakeId(8, 2) }]);
  });

  it('names what has no text of its own', async () => {
    world.outbox = [
      entry(1, { action: 'create', text: null, conversationTitle: 'North team' }),
      entry(2, { action: 'rename', text: 'North team', conversationTitle: 'North' }),
    ];
    renderUi(<OutboxPage isOffline={false} />);
    expect(await screen.findByText('New conversation')).toBeTruthy();
    expect(screen.getByText('Rename to “North team”')).toBeTruthy();
  });

  it('edits in a dialog and asks before it discards', async () => {
    world.outbox = [
      entry(1, {
        group: 'attention',
        state: 'failed',
        error: errorBody('TOO_LARGE'),
        can: ['edit', 'discard'],
      }),
    ];
    renderUi(<OutboxPage isOffline={false} />);
    await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
    const field = within(await screen.findByRole('dialog')).getByRole('textbox', { name: 'Message' });
    await userEvent.clear(field);
    await userEvent.type(field, 'Shorter');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(fake.requests('outbox.edit')).toEqual([{ opId: fakeId(8, 1), text: 'Shorter' }]);
    await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
    const question = await screen.findByRole('alertdialog');
    expect(fake.requests('outbox.discard')).toEqual([]);
    await userEvent.click(within(question).getByRole('button', { name: 'Delete' }));
    expect(fake.requests('outbox.discard')).toEqual([{ opId: fakeId(8, 1) }]);
  });

  it('cancels a waiting entry from its menu and follows the view', async () => {
    world.outbox = [entry(1, {})];
    renderUi(<OutboxPage isOffline={false} />);
    await userEvent.click(await screen.findByRole('button', { name: 'More actions for this message' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Don’t send' }));
    expect(fake.requests('outbox.cancel')).toEqual([{ opId: fakeId(8, 1) }]);
    world.outbox = [];
    act(() => fake.refresh());
    expect(screen.getByText(/Nothing is waiting/)).toBeTruthy();
  });
});
