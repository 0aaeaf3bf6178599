import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { WouldLose } from '../../../ipc/unsent.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { SignOut } from './sign-out.tsx';

let fake: FakeBridge;
let wouldLose: WouldLose;
let exported: Result<unknown, ErrorBody>;
const close = vi.fn();

beforeEach(() => {
  close.mockClear();
  exported = ok({ signedOut: true, wouldLose: { messages: 0, drafts: 0, changes: 0 } });
  ({ fake } = installWorld((name, request) => {
    if (name !== 'session.signOut') return undefined;
    const { ifUnsent } = request as { ifUnsent: string };
    return ifUnsent === 'export' ? exported : ok({ signedOut: ifUnsent === 'drop', wouldLose });
  }));
});
afterEach(cleanup);

async function ask(loss: WouldLose): Promise<void> {
  wouldLose = loss;
  renderUi(<SignOut isOpen onClose={close} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Sign out' }));
}

it('says everything that would be lost, and exports it on demand', async () => {
  await ask({ messages: 3, drafts: 1, changes: 2 });
  expect(await screen.findByRole('alertdialog', { name: '3 messages haven’t been sent.' })).toBeTruthy();
  expect(screen.getByText('1 draft is on this device only.')).toBeTruthy();
  expect(screen.getByText('2 changes haven’t reached the server.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Export and sign out' }));
  expect(fake.requests('session.signOut')).toEqual([{ ifUnsent: 'ask' }, { ifUnsent: 'export' }]);
  expect(close).toHaveBeenCalledOnce();
});

it('speaks of drafts when there is nothing else', async () => {
  await ask({ messages: 0, drafts: 2, changes: 0 });
  expect(await screen.findByRole('alertdialog', { name: '2 drafts are on this device only.' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Export and sign out' })).toBeTruthy();
});

it('offers no export of what is no text', async () => {
  await ask({ messages: 0, drafts: 0, changes: 1 });
  expect(
    await screen.findByRole('alertdialog', { name: '1 change hasn’t reached the server.' }),
  ).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Export and sign out' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Sign out and lose them' }));
  expect(fake.requests('session.signOut').at(-1)).toEqual({ ifUnsent: 'drop' });
});

it('stays open when the export failed', async () => {
  await ask({ messages: 1, drafts: 0, changes: 0 });
  exported = err(errorBody('DISK_FULL'));
  await userEvent.click(await screen.findByRole('button', { name: 'Export and sign out' }));
  expect(await screen.findByRole('alertdialog', { name: '1 message hasn’t been sent.' })).toBeTruthy();
  expect(close).not.toHaveBeenCalled();
});
