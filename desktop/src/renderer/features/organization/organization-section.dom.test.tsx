import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrgRole } from '@curlew/shared/domain/entries.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { navigation } from '../../lib/navigation.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, me, type World } from '../../preview/world.ts';
import { OrganizationSection } from './organization-section.tsx';

const orgId = fakeId(5, 1);
const priya = fakeId(1, 1);
const tom = fakeId(1, 2);
const [site, unit] = [fakeId(9, 1), fakeId(9, 2)] as const;
const channelId = fakeId(2, 30);
const day = 86_400_000;

let world: World;
let fake: FakeBridge;
let isOffline = false;
const invite = {
  id: fakeId(10, 1),
  email: null,
  createdByName: 'Priya Nair',
  createdAtMs: 0,
  expiresAtMs: null,
};

beforeEach(() => {
  isOffline = false;
  ({ world, fake } = installWorld((name, request) => {
    if (isOffline && name.startsWith('invite')) return err(errorBody('OFFLINE'));
    if (name === 'invites.list') return ok({ invites: [{ ...invite, maxUses: 10, uses: 3 }] });
    if (name === 'invite.create') return ok({ code: 'ABCD', url: 'https://example.org/invite/ABCD' });
    if (name === 'audit.list') return ok({ entries: auditOf(request), next: null });
    if (name === 'audit.export') return ok({ isSaved: true });
    if (name === 'org.join') return err(errorBody('INVITE_INVALID'));
    if (name === 'org.create') return ok({ orgId: fakeId(5, 2) });
    if (name === 'announcement.create') return ok({ conversationId: channelId });
    return undefined;
  }));
});
afterEach(cleanup);

function auditOf(request: unknown) {
  const line = {
    at: 0,
    actorId: me.id,
    actorName: me.name,
    target: tom,
    targetName: 'Tom Becker',
    detail: null,
  };
  const entries = [
    { ...line, id: 2, action: 'role.set' },
    { ...line, id: 1, action: 'member.deactivate' },
  ];
  const { action } = request as { readonly action?: string };
  return entries.filter((entry) => action === undefined || entry.action === action);
}

async function show(ownRole: OrgRole = 'owner'): Promise<void> {
  world.organization.meta = { ...world.organization.meta, ownRole };
  if (world.session.state !== 'active') throw new Error('the world is signed in');
  renderUi(<OrganizationSection session={world.session} />);
  await screen.findByRole('heading', { name: 'People · 8' });
  await screen.findByText('Priya Nair', { selector: '.srow div' });
}
const click = async (role: string, name: string) => userEvent.click(await screen.findByRole(role, { name }));
async function menuOf(name: string): Promise<(string | null)[]> {
  await click('button', `Actions for ${name}`);
  await screen.findByRole('menu');
  return screen.getAllByRole('menuitem').map((each) => each.textContent);
}

describe('for those who do not run it', () => {
  it('shows people, places and rules, and offers nothing', async () => {
    await show('member');
    expect(screen.getByText('North Campus and Boilers')).toBeTruthy();
    expect(screen.getByText('Your role: Member')).toBeTruthy();
    expect(screen.getByText('Who may create groups')).toBeTruthy();
    expect(screen.queryAllByRole('button').map((each) => each.textContent)).toEqual([
      'Leave…',
      'Join or create an organization',
    ]);
    expect(screen.queryByRole('radiogroup')).toBeNull();
    expect(fake.requests('invites.list')).toEqual([]);
  });
});

describe('people', () => {
  it('an owner gives roles', async () => {
    await show();
    expect(await menuOf('Tom Becker')).toEqual([
      'Make owner',
      'Make admin',
      'Make guest',
      'Sites and units…',
      'Deactivate…',
      'Remove from organization…',
    ]);
    await click('menuitem', 'Make admin');
    expect(fake.requests('org.setRole')).toEqual([{ orgId, userId: tom, role: 'admin' }]);
  });

  it('an admin neither makes owners nor touches them', async () => {
    world.organization.people = world.organization.people.map((person) =>
      person.id === tom ? { ...person, role: 'owner' } : person,
    );
    await show('admin');
    expect(await menuOf('Priya Nair')).toEqual([
      'Make member',
      'Make guest',
      'Sites and units…',
      'Deactivate…',
      'Remove from organization…',
    ]);
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
    expect(await menuOf('Tom Becker')).toEqual(['Sites and units…']);
  });

  it('are taken out after a question that starts at the safe answer', async () => {
    await show();
    await menuOf('Priya Nair');
    await click('menuitem', 'Remove from organization…');
    const dialog = await screen.findByRole('alertdialog', {
      name: 'Remove Priya Nair from the organization?',
    });
    const keep = within(dialog).getByRole('button', { name: 'Keep' });
    await waitFor(() => expect(document.activeElement).toBe(keep));
    expect(fake.requests('org.setRole')).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Remove' }));
    expect(fake.requests('org.setRole')).toEqual([{ orgId, userId: priya, role: null }]);
  });

  it('are deactivated after a question, and activated again without one', async () => {
    await show();
    await menuOf('Tom Becker');
    await click('menuitem', 'Deactivate…');
    const dialog = await screen.findByRole('alertdialog', { name: 'Deactivate Tom Becker?' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Deactivate' }));
    const asked = { orgId, userId: tom, role: 'member' };
    expect(fake.requests('org.setRole')).toEqual([{ ...asked, deactivated: true }]);
    world.organization.people = world.organization.people.map((person) =>
      person.id === tom ? { ...person, isDeactivated: true } : person,
    );
    act(() => fake.refresh());
    await screen.findByText('Deactivated', { selector: '.tag' });
    expect(await menuOf('Tom Becker')).toEqual([
      'Activate again',
      'Sites and units…',
      'Remove from organization…',
    ]);
    await click('menuitem', 'Activate again');
    expect(fake.requests('org.setRole')).toEqual([{ ...asked, deactivated: true }, asked]);
  });

  it('are put into sites and units', async () => {
    await show();
    await menuOf('Tom Becker');
    await click('menuitem', 'Sites and units…');
    await screen.findByRole('dialog', { name: 'Where Tom Becker works' });
    await click('checkbox', 'Boilers');
    await click('button', 'Save');
    expect(fake.requests('org.setPlaces')).toEqual([{ orgId, userId: tom, siteIds: [], unitIds: [unit] }]);
  });
});

async function placeCommand(place: string, command: string): Promise<void> {
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
  await click('button', `Actions for ${place}`);
  await click('menuitem', command);
}

describe('leaving', () => {
  it('asks first, from the safe answer', async () => {
    await show('member');
    await click('button', 'Leave…');
    const dialog = await screen.findByRole('alertdialog', { name: 'Leave City Facilities?' });
    const stay = within(dialog).getByRole('button', { name: 'Stay' });
    await waitFor(() => expect(document.activeElement).toBe(stay));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Leave' }));
    expect(fake.requests('org.setRole')).toEqual([{ orgId, userId: me.id, role: null }]);
  });

  it('is not for the only owner, who reads why', async () => {
    await show('owner');
    expect(screen.getByText(/^You’re its only owner/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Leave…' })).toBeNull();
  });
});

describe('places and rules', () => {
  it('units are added, renamed and removed', async () => {
    await show();
    await placeCommand('Boilers', 'Add unit…');
    await click('button', 'Save');
    expect((await screen.findByRole('alert')).textContent).toBe('Give it a name.');
    await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), ' Pumps {Enter}');
    const inSite = { orgId, siteId: site };
    const added = { ...inSite, unitId: null, parentId: unit, name: 'Pumps' };
    await waitFor(() => expect(fake.requests('org.saveUnit')).toEqual([added]));
    await placeCommand('North Campus', 'Rename…');
    const field = await screen.findByRole('textbox', { name: 'Name' });
    await userEvent.clear(field);
    await userEvent.type(field, 'Harbour{Enter}');
    await waitFor(() => expect(fake.requests('org.saveSite')).toEqual([{ ...inSite, name: 'Harbour' }]));
    await placeCommand('Boilers', 'Remove…');
    await click('button', 'Remove');
    expect(fake.requests('org.removeUnit')).toEqual([{ orgId, unitId: unit }]);
  });

  it('a unit moves into another place, never into itself', async () => {
    const [site0] = world.organization.meta.sites;
    const boiler = site0?.units[0];
    if (!site0 || !boiler) throw new Error('the world has a site with a unit');
    const pumps = { ...boiler, id: fakeId(9, 3), name: 'Pumps', parentId: unit, units: [] };
    const depot = { ...site0, id: fakeId(9, 4), name: 'Harbour Depot', units: [] };
    const boilers = { ...boiler, units: [pumps] };
    world.organization.meta = {
      ...world.organization.meta,
      sites: [{ ...site0, units: [boilers] }, depot],
    };
    await show();
    await placeCommand('Boilers', 'Move…');
    const dialog = await screen.findByRole('dialog', { name: 'Move Boilers' });
    const inside = within(dialog).getByRole('combobox', { name: 'Inside' });
    expect(
      within(inside)
        .getAllByRole('option')
        .map((each) => each.textContent),
    ).toEqual(['North Campus', 'Harbour Depot']);
    await userEvent.selectOptions(inside, 'Harbour Depot');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Move' }));
    const to = { siteId: depot.id, parentId: null, name: 'Boilers' };
    await waitFor(() => expect(fake.requests('org.saveUnit')).toEqual([{ orgId, unitId: unit, ...to }]));
  });

  it('a rule is changed without losing the others', async () => {
    await show();
    await click('radio', 'Owners and admins');
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'Editing and deleting own messages' }),
      '15 minutes',
    );
    const before = {
      groupCreation: 'members',
      editWindowMs: null,
      retentionDays: null,
      readReceipts: true,
      urgentAnnouncements: false,
    };
    expect(fake.requests('org.setPolicy')).toEqual([
      { orgId, policy: { ...before, groupCreation: 'admins' } },
      { orgId, policy: { ...before, editWindowMs: 900_000 } },
    ]);
  });

  it('keeping messages for a shorter time asks first; read receipts and urgency are switches', async () => {
    await show();
    const before = {
      groupCreation: 'members',
      editWindowMs: null,
      retentionDays: null,
      readReceipts: true,
      urgentAnnouncements: false,
    };
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Keep messages' }), '90 days');
    await screen.findByRole('alertdialog', { name: 'Remove messages older than 90 days?' });
    expect(document.activeElement?.textContent).toBe('Leave as it is');
    await click('button', 'Leave as it is');
    expect(fake.requests('org.setPolicy')).toEqual([]);
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Keep messages' }), '1 year');
    await click('button', 'Remove them');
    const receipts = screen.getByRole('radiogroup', { name: 'Read receipts' });
    await userEvent.click(within(receipts).getByRole('radio', { name: 'Off' }));
    const urgent = screen.getByRole('radiogroup', { name: 'Urgent announcements' });
    await userEvent.click(within(urgent).getByRole('radio', { name: 'Allowed' }));
    expect(fake.requests('org.setPolicy')).toEqual([
      { orgId, policy: { ...before, retentionDays: 365 } },
      { orgId, policy: { ...before, readReceipts: false } },
      { orgId, policy: { ...before, urgentAnnouncements: true } },
    ]);
  });
});

describe('invitations and announcements', () => {
  it('lists, makes and ends invitations', async () => {
    await show();
    expect(await screen.findByText('3 of 10 used · never expires')).toBeTruthy();
    await click('button', 'Create invitation');
    const dialog = await screen.findByRole('dialog', { name: 'New invitation' });
    await userEvent.selectOptions(within(dialog).getByRole('combobox', { name: 'Works for' }), '30 days');
    await userEvent.selectOptions(
      within(dialog).getByRole('combobox', { name: 'How many people can use it' }),
      'Any number',
    );
    await userEvent.click(within(dialog).getByRole('button', { name: 'Create invitation' }));
    expect(fake.requests('invite.create')).toEqual([{ orgId, expiresInMs: 30 * day, maxUses: null }]);
    await click('button', 'Copy link');
    expect(fake.requests('app.copyText')).toEqual([{ text: 'https://example.org/invite/ABCD' }]);
    await click('button', 'Done');
    await click('button', 'Revoke the invitation created 1 Jan 1970');
    await click('button', 'Revoke');
    expect(fake.requests('invite.revoke')).toEqual([{ orgId, inviteId: invite.id }]);
    await waitFor(() => expect(fake.requests('invites.list')).toHaveLength(3));
  });

  it('says why invitations cannot be shown, and tries again', async () => {
    isOffline = true;
    await show();
    expect(await screen.findByText(/^The invitations can’t be shown/)).toBeTruthy();
    isOffline = false;
    await click('button', 'Try again');
    expect(await screen.findByText('3 of 10 used · never expires')).toBeTruthy();
  });

  it('opens a channel for an audience', async () => {
    await show();
    await click('button', 'New announcement channel');
    await userEvent.type(await screen.findByRole('textbox', { name: 'Title' }), 'Boiler notices');
    await userEvent.selectOptions(
      screen.getByRole('combobox', { name: 'Audience' }),
      'North Campus / Boilers',
    );
    await click('button', 'Create');
    const audience = { scope: 'unit', id: unit };
    expect(fake.requests('announcement.create')).toEqual([{ orgId, title: 'Boiler notices', audience }]);
    await waitFor(() => expect(navigation.get().conversationId).toBe(channelId));
    act(() => fake.refresh());
  });
});

describe('the audit log', () => {
  it('shows who did what to whom, filtered and saved', async () => {
    await show();
    expect(await screen.findByText('Role changed: Tom Becker')).toBeTruthy();
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Action' }), 'Deactivated');
    await waitFor(() => expect(screen.queryByText('Role changed: Tom Becker')).toBeNull());
    expect(screen.getByText('Deactivated: Tom Becker')).toBeTruthy();
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Done by or to' }), 'Tom Becker');
    await click('button', 'Save as CSV');
    const filter = { orgId, personId: tom, action: 'member.deactivate' };
    expect(fake.requests('audit.export')).toEqual([{ ...filter, format: 'csv' }]);
  });
});

describe('another organization', () => {
  it('is joined with an invitation, whose refusal is read, or created', async () => {
    await show();
    await click('button', 'Join or create an organization');
    await click('button', 'Join');
    expect((await screen.findByRole('alert')).textContent).toBe('Paste the link or code you were given.');
    await userEvent.type(screen.getByRole('textbox', { name: 'Invitation link or code' }), 'ABCD{Enter}');
    await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/^That didn’t work/));
    await click('radio', 'Create a new one');
    const dialog = screen.getByRole('dialog', { name: 'Join or create an organization' });
    await userEvent.type(within(dialog).getByRole('textbox', { name: 'Name' }), 'Harbour{Enter}');
    await waitFor(() => expect(fake.requests('org.create')).toEqual([{ name: 'Harbour' }]));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});
