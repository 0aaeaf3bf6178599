import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConversationMeta, MemberRow } from '../../../ipc/views.ts';
import { navigation } from '../../lib/navigation.ts';
import { useMeta } from '../../lib/use-view.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { addGroup, groupId } from '../../preview/world-group.ts';
import { fakeId, me, type World } from '../../preview/world.ts';
import { DetailsPane } from './details-pane.tsx';

let world: World;
let fake: FakeBridge;

beforeEach(() => {
  ({ world, fake } = installWorld());
});
afterEach(cleanup);

function Pane() {
  const meta = useMeta('conversation', { conversationId: groupId });
  if (!meta) return null;
  return (
    <DetailsPane conversationId={groupId} meta={meta} ownUserId={me.id} isOffline={false} divider={null} />
  );
}

async function show(part: Partial<ConversationMeta> = {}): Promise<void> {
  addGroup(world, part);
  renderUi(<Pane />);
  await screen.findByRole('heading', { name: /^Members/ });
}

/** The same people with other roles. */
function withRoles(roleOf: (id: string) => MemberRow['role']): readonly MemberRow[] {
  return world.people.map((person) => ({ ...person, role: roleOf(person.id), isPending: false }));
}
const menuOf = (name: string) => screen.queryByRole('button', { name: `Actions for ${name}` });
async function menuItems(name: string): Promise<(string | null)[]> {
  await userEvent.click(screen.getByRole('button', { name: `Actions for ${name}` }));
  await screen.findByRole('menu');
  const items = screen.getAllByRole('menuitem').map((each) => each.textContent);
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull());
  return items;
}

describe('details of a group', () => {
  it('lists members by role, roles in words, and what waits by name', async () => {
    const members = withRoles((id) =>
      id === me.id ? 'owner' : id === fakeId(1, 5) ? 'moderator' : 'member',
    );
    await show({ members: members.map((each) => ({ ...each, isPending: each.id === fakeId(1, 5) })) });
    const rows = screen.getAllByRole('listitem').map((each) => each.textContent);
    expect(rows[0]).toContain('Maya Lindqvist (you)');
    expect(rows[0]).toContain('Owner');
    expect(rows[1]).toContain('Daniel Novak');
    expect(rows[1]).toContain('Moderator');
    expect(rows[2]).toContain('Ana Ruiz');
    const daniel = screen.getAllByRole('listitem')[1];
    if (!daniel) throw new Error('eight members');
    expect(within(daniel).getByRole('img', { name: 'Waiting to send' })).toBeTruthy();
  });

  it('sets how long new messages live: one of the usual times, another one, or never', async () => {
    await show();
    const choice = screen.getByRole('combobox', { name: 'Disappearing messages' });
    expect(
      within(choice)
        .getAllByRole('option')
        .map((each) => each.textContent),
    ).toEqual(['Off', '5 minutes', '1 hour', '8 hours', '1 day', '1 week', '4 weeks', 'Other…']);
    await userEvent.selectOptions(choice, '1 week');
    await userEvent.selectOptions(choice, 'Other…');
    const dialog = await screen.findByRole('dialog', { name: 'Messages disappear after' });
    const amount = within(dialog).getByRole('textbox', { name: 'How many' });
    await userEvent.clear(amount);
    await userEvent.type(amount, '90');
    await userEvent.selectOptions(within(dialog).getByRole('combobox', { name: 'Unit' }), 'Weeks');
    expect((await within(dialog).findByRole('alert')).textContent).toContain('52 weeks');
    await userEvent.selectOptions(within(dialog).getByRole('combobox', { name: 'Unit' }), 'Minutes');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Set' }));
    expect(fake.requests('conversation.setTtl')).toEqual([
      { conversationId: groupId, messageTtlMs: 604_800_000 },
      { conversationId: groupId, messageTtlMs: 5_400_000 },
    ]);
  });

  it('tells plain members how long messages live, without letting them change it', async () => {
    const rules = { messageTtlMs: 86_400_000, editWindowMs: null, hasReadReceipts: true, mayBeUrgent: false };
    await show({ ownRole: 'member', rules });
    expect(screen.queryByRole('combobox', { name: 'Disappearing messages' })).toBeNull();
    expect(screen.getByText('1 day')).toBeTruthy();
  });

  it('lets an owner do everything to others, and not leave the group without an owner', async () => {
    await show();
    expect(await menuItems('Tom Becker')).toEqual(['Make owner', 'Make moderator', 'Remove from the group…']);
    expect(await menuItems('Priya Nair')).toEqual(['Make owner', 'Make member', 'Remove from the group…']);
    expect(menuOf('Maya Lindqvist')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Leave…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Make somebody else owner first' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Choose an owner' }));
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole('heading', { name: /^Members/ })),
    );
    expect(fake.requests('group.remove')).toEqual([]);
  });

  it('lets a moderator add, rename, and remove plain members only', async () => {
    await show({
      ownRole: 'moderator',
      members: withRoles((id) =>
        id === me.id || id === fakeId(1, 1) ? 'moderator' : id === fakeId(1, 3) ? 'owner' : 'member',
      ),
    });
    expect(await menuItems('Tom Becker')).toEqual(['Remove from the group…']);
    expect(menuOf('Priya Nair')).toBeNull();
    expect(menuOf('Kofi Mensah')).toBeNull();
    expect(screen.getByRole('button', { name: 'Add people' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Rename' })).toBeTruthy();
  });

  it('lets a member leave and nothing else; the safe answer has the focus', async () => {
    await show({ ownRole: 'member', members: withRoles((id) => (id === fakeId(1, 3) ? 'owner' : 'member')) });
    expect(screen.queryByRole('button', { name: /^Actions for/ })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Add people' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Rename' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Leave…' }));
    const question = await screen.findByRole('alertdialog', { name: 'Leave B2 sensor replacement?' });
    expect(within(question).getByText(/You’ll need an invitation/)).toBeTruthy();
    await waitFor(() =>
      expect(document.activeElement).toBe(within(question).getByRole('button', { name: 'Stay' })),
    );
    await userEvent.click(within(question).getByRole('button', { name: 'Leave' }));
    expect(fake.requests('group.remove')).toEqual([{ conversationId: groupId, userId: me.id }]);
  });

  it('offers nothing to somebody who is out', async () => {
    await show({ ownRole: null, members: withRoles(() => 'member').filter(({ id }) => id !== me.id) });
    for (const name of [/^Actions for/, /^Leave/, /^Rename/, /^Add people/])
      expect(screen.queryByRole('button', { name })).toBeNull();
  });

  it('changes a role at once and asks before it removes; the focus stays in the section', async () => {
    await show();
    await userEvent.click(screen.getByRole('button', { name: 'Actions for Tom Becker' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Make moderator' }));
    expect(fake.requests('group.setRole')).toEqual([
      { conversationId: groupId, userId: fakeId(1, 2), role: 'moderator' },
    ]);
    await userEvent.click(screen.getByRole('button', { name: 'Actions for Tom Becker' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Remove from the group…' }));
    const question = await screen.findByRole('alertdialog', { name: 'Remove Tom Becker?' });
    expect(fake.requests('group.remove')).toEqual([]);
    await userEvent.click(within(question).getByRole('button', { name: 'Remove' }));
    expect(fake.requests('group.remove')).toEqual([{ conversationId: groupId, userId: fakeId(1, 2) }]);
    await waitFor(() => expect(document.activeElement).toBe(menuOf('Tom Becker')));
    const { members = [] } = world.metas[groupId] ?? {};
    world.metas[groupId] = {
      ...world.metas[groupId],
      members: members.filter(({ id }) => id !== fakeId(1, 2)),
    };
    act(() => fake.refresh());
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: /^Members/ }));
  });

  it('adds people who are not in yet', async () => {
    await show({ members: withRoles(() => 'owner').filter(({ id }) => id !== fakeId(1, 4)) });
    await userEvent.click(screen.getByRole('button', { name: 'Add people' }));
    const dialog = await screen.findByRole('dialog', { name: 'Add people to B2 sensor replacement' });
    await within(dialog).findByRole('option', { name: /Emma Clarke/ });
    expect(within(dialog).getAllByRole('option')).toHaveLength(1);
    await userEvent.keyboard('{Enter}');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Add 1 person' }));
    expect(fake.requests('group.add')).toEqual([{ conversationId: groupId, userIds: [fakeId(1, 4)] }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('renames, refusing what is too long before it is sent', async () => {
    await show();
    await userEvent.click(screen.getByRole('button', { name: 'Rename' }));
    const field = await screen.findByRole('textbox', { name: 'Name' });
    await userEvent.clear(field);
    await userEvent.click(field);
    await userEvent.paste('x'.repeat(201));
    await userEvent.keyboard('{Enter}');
    expect(screen.getByRole('alert').textContent).toContain('over the limit of 200');
    await userEvent.clear(field);
    await userEvent.keyboard('B3 sensor{Enter}');
    expect(fake.requests('group.rename')).toEqual([{ conversationId: groupId, title: 'B3 sensor' }]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('goes to a pinned message and takes its pin off', async () => {
    await show({ pins: [{ messageId: fakeId(3, 4), excerpt: 'The door code changed', senderName: 'Tom' }] });
    await userEvent.click(screen.getByRole('button', { name: /^Go to the pinned message ?Tom ?The door/ }));
    expect(navigation.get().jump).toMatchObject({ conversationId: groupId, messageId: fakeId(3, 4) });
    await userEvent.click(screen.getByRole('button', { name: 'Unpin the message from Tom' }));
    expect(fake.requests('message.pin')).toEqual([
      { conversationId: groupId, messageId: fakeId(3, 4), on: false },
    ]);
  });

  it('shows eight members until all are asked for', async () => {
    const [first] = withRoles(() => 'member');
    if (!first) throw new Error('the world has people');
    const members = Array.from({ length: 30 }, (_, at) => ({
      ...first,
      id: fakeId(9, at),
      name: `Person ${at}`,
    }));
    await show({ members });
    expect(screen.getAllByRole('listitem')).toHaveLength(8);
    await userEvent.click(screen.getByRole('button', { name: 'Show all 30 members' }));
    expect(screen.getAllByRole('listitem')).toHaveLength(30);
  });
});
