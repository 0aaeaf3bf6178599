/** What the window offers while there is nothing to read: each state says what to do next. */
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { navigation } from '../lib/navigation.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import type { World } from '../preview/world.ts';
import { Workspace } from './workspace.tsx';

afterEach(cleanup);

/** A window without conversations. */
function show(change: (world: World) => void): void {
  const { world } = installWorld();
  world.conversations = [];
  change(world);
  const { session } = world;
  if (session.state !== 'active') throw new Error('somebody is signed in');
  renderUi(<Workspace session={session} />);
}

function withRole(world: World, role: 'owner' | 'member' | null): void {
  if (world.session.state !== 'active') return;
  const [org] = world.session.orgs;
  world.session = { ...world.session, orgs: org && role ? [{ ...org, role }] : [] };
}

it('offers people to write to', async () => {
  show((world) => withRole(world, 'member'));
  await screen.findByRole('heading', { name: /^Welcome to/ });
  await userEvent.click(screen.getByRole('button', { name: 'Write to somebody' }));
  expect(navigation.get().dialog).toBe('newConversation');
});

it('offers those who may to invite people where nobody else is, once', async () => {
  show((world) => {
    world.people = [];
    withRole(world, 'owner');
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Invite people' }));
  await screen.findByRole('heading', { name: 'Nobody else is here yet' });
  await userEvent.click(screen.getByRole('button', { name: 'Invite people' }));
  await screen.findByRole('dialog', { name: /^Invitation to/ });
});

it('says to others who invites', async () => {
  show((world) => {
    world.people = [];
    withRole(world, 'member');
  });
  await screen.findByText(/^Owners and admins invite people/);
  expect(screen.queryByRole('button', { name: 'Invite people' })).toBeNull();
});

it('leads whoever is in no organization to where one is joined', async () => {
  show((world) => withRole(world, null));
  await userEvent.click(await screen.findByRole('button', { name: 'Join or create an organization' }));
  expect(navigation.get()).toMatchObject({ section: 'settings', settingsPage: 'organization' });
});
