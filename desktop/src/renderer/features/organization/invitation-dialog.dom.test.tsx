import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { ok } from '@curlew/shared/lib/result.ts';
import { invitation, takeInvitations } from '../../lib/invitation.ts';
import { navigation } from '../../lib/navigation.ts';
import { scope } from '../../lib/scope.ts';
import { currentToast } from '../../lib/toast.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId } from '../../preview/world.ts';
import { InvitationDialog } from './invitation-dialog.tsx';

afterEach(cleanup);

const orgId = fakeId(9, 1);

function show() {
  const installed = installWorld((name) => (name === 'org.join' ? ok({ orgId }) : undefined));
  const { session } = installed.world;
  if (session.state !== 'active') throw new Error('somebody is signed in');
  renderUi(<InvitationDialog session={session} />);
  takeInvitations(Promise.resolve());
  return { ...installed, session };
}

it('asks before it joins with the code of a link', async () => {
  const { fake, session } = show();
  fake.command({ name: 'openInvitation', code: 'SWAN-CSAA', serverUrl: session.serverUrl });
  const field = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Invitation link or code' });
  expect(field.value).toBe('SWAN-CSAA');
  expect(fake.requests('org.join')).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Join' }));
  await waitFor(() => expect(scope.get().chosenId).toBe(orgId));
  expect(fake.requests('org.join')).toEqual([{ invitation: 'SWAN-CSAA' }]);
  expect(invitation.get()).toBeNull();
});

it('says what to do with one of another server, and keeps it for the time after signing out', async () => {
  const { fake } = show();
  const elsewhere = { code: 'SWAN-CSAA', serverUrl: 'https://elsewhere.example.org' };
  fake.command({ name: 'openInvitation', ...elsewhere });
  await screen.findByRole('dialog', { name: 'This invitation is for elsewhere.example.org' });
  await userEvent.click(screen.getByRole('button', { name: 'Go to account settings' }));
  expect(navigation.get()).toMatchObject({ section: 'settings', settingsPage: 'account' });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(invitation.get()).toEqual(elsewhere);
  fake.command({ name: 'openInvitation', ...elsewhere });
  await userEvent.click(await screen.findByRole('button', { name: 'Don’t use it' }));
  expect(invitation.get()).toBeNull();
});

it('says of a link that it cannot be read', async () => {
  const { fake } = show();
  fake.command({ name: 'badLink' });
  await waitFor(() => expect(currentToast.get()?.text).toMatch(/^This link can’t be opened/));
});
