/** Several accounts in one window: the menu over the list, Settings > Account, and the sign-in of one more. */
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AccountRow } from '../../ipc/accounts.ts';
import { AuthScreen } from '../features/auth/auth-screen.tsx';
import { Accounts } from '../features/settings/accounts-group.tsx';
import type { FakeBridge } from '../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import type { World } from '../preview/world.ts';
import { Workspace } from './workspace.tsx';

const account = (id: string, name: string, server: string, unread = 0): AccountRow => ({
  id,
  name,
  email: 'maya@example.org',
  serverUrl: `https://${server}`,
  unread,
  needsSignIn: false,
});
const maya = account('1', 'Maya Lindqvist', 'messages.example.org', 4);
const harbour = account('2', 'Maya L.', 'harbour.example.org', 2);

let world: World;
let fake: FakeBridge;
beforeEach(() => {
  ({ world, fake } = installWorld());
});
afterEach(cleanup);

const asked = () => fake.calls.filter(({ name }) => name.startsWith('accounts.'));
async function show(accounts: readonly AccountRow[]): Promise<void> {
  world.accounts = { current: '1', accounts };
  const { session } = world;
  if (session.state !== 'active') throw new Error('somebody is signed in');
  renderUi(<Workspace session={session} />);
  await screen.findByRole('region', { name: 'Conversations' });
}
async function openMenu(): Promise<HTMLElement> {
  await userEvent.keyboard('{Control>}{Shift>}o{/Shift}{/Control}');
  return await screen.findByRole('menu', { name: 'Organization and account' });
}

it('lists the accounts with server and unread in the menu, and shows the one that is chosen', async () => {
  await show([maya, harbour]);
  const head = screen.getByRole('button', { name: /2 unread conversations in other accounts/ });
  expect(head).toBeTruthy();
  const menu = await openMenu();
  const group = within(menu).getByRole('group', { name: 'Accounts' });
  expect(within(group).getAllByRole('menuitem')).toHaveLength(2);
  within(group).getByRole('menuitem', { name: /^Maya Lindqvist ?, messages\.example\.org ?, shown now$/ });
  await userEvent.click(
    within(group).getByRole('menuitem', {
      name: /^Maya L\. ?, harbour\.example\.org ?, 2 unread conversations$/,
    }),
  );
  expect(asked()).toEqual([{ name: 'accounts.show', request: { account: '2' } }]);
});

it('speaks of accounts only where there are several, and always offers one more', async () => {
  await show([maya]);
  const menu = await openMenu();
  expect(within(menu).queryByRole('group', { name: 'Accounts' })).toBeNull();
  await userEvent.click(within(menu).getByRole('menuitem', { name: 'Add account…' }));
  expect(asked()).toEqual([{ name: 'accounts.add', request: {} }]);
});

it('lists them in the settings too', async () => {
  world.accounts = { current: '1', accounts: [maya, harbour] };
  renderUi(<Accounts />);
  await userEvent.click(await screen.findByRole('button', { name: 'Show Maya L., harbour.example.org' }));
  expect(screen.queryByRole('button', { name: /^Show Maya Lindqvist/ })).toBeNull();
  expect(asked()).toEqual([{ name: 'accounts.show', request: { account: '2' } }]);
});

it('leads back from the sign-in of one more', async () => {
  world.accounts = { current: '3', accounts: [maya, harbour] };
  renderUi(<AuthScreen lastServerUrl={null} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Back to Maya L., harbour.example.org' }));
  expect(asked()).toEqual([{ name: 'accounts.show', request: { account: '2' } }]);
});
