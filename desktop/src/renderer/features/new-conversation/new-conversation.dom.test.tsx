import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { OwnOrg } from '../../../ipc/views.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { navigation } from '../../lib/navigation.ts';
import type { FakeBridge, IntentHandler } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, me } from '../../preview/world.ts';
import { NewConversation } from './new-conversation.tsx';

const org: OwnOrg = { id: fakeId(5, 1), role: 'member', name: 'City Facilities', groups: 'allowed' };
const madeId = fakeId(2, 99);
let fake: FakeBridge;
let handle: IntentHandler;
const onClose = vi.fn();

beforeEach(() => {
  onClose.mockReset();
  handle = (name) => (name === 'group.create' ? ok({ conversationId: madeId }) : undefined);
  ({ fake } = installWorld((name, request) => handle(name, request)));
});
afterEach(cleanup);

async function show(groups: OwnOrg['groups'] = 'allowed', isOffline = false): Promise<void> {
  renderUi(
    <NewConversation
      isOpen
      ownUserId={me.id}
      orgs={[{ ...org, groups }]}
      isOffline={isOffline}
      seed={null}
      scopeId={undefined}
      onClose={onClose}
    />,
  );
  await screen.findByRole('option', { name: /Priya Nair/ });
}

/** By keyboard alone, as everything below. */
async function chooseGroup(): Promise<void> {
  screen.getByRole<HTMLElement>('radio', { name: 'Direct' }).focus();
  await userEvent.keyboard('{ArrowRight}');
  await screen.findByRole('textbox', { name: 'Name' });
}
const nameField = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' });
const peopleField = () => screen.getByRole<HTMLInputElement>('combobox', { name: 'People' });
async function add(name: string): Promise<void> {
  peopleField().focus();
  await userEvent.keyboard(name);
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
  await userEvent.keyboard('{Enter}');
}

it('keeps the focus on the choice of kinds while arrows go through it', async () => {
  await show();
  screen.getByRole<HTMLElement>('radio', { name: 'Direct' }).focus();
  for (const name of ['Group', 'Linked item', 'Direct']) {
    await userEvent.keyboard('{ArrowRight}');
    expect(document.activeElement).toBe(screen.getByRole('radio', { name }));
  }
});

describe('New conversation', () => {
  it('opens the direct conversation with the person Enter is pressed on', async () => {
    await show();
    screen.getByRole<HTMLElement>('combobox', { name: 'To' }).focus();
    await userEvent.keyboard('Tom');
    await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
    await userEvent.keyboard('{Enter}');
    expect(fake.requests('conversation.openDirect')).toEqual([{ userId: fakeId(1, 2) }]);
    expect(onClose).toHaveBeenCalled();
  });

  it('makes a group of several, with a name and what later members see, and opens it', async () => {
    await show('allowed', true);
    await chooseGroup();
    expect(document.activeElement).toBe(screen.getByRole('radio', { name: 'Group' }));
    await userEvent.type(nameField(), '  B2 sensor ');
    await add('Priya');
    await add('Tom');
    screen.getByRole<HTMLElement>('radio', { name: 'Earlier messages' }).focus();
    await userEvent.keyboard('{ArrowRight}');
    await userEvent.click(screen.getByRole('button', { name: 'Create with 2 people' }));
    expect(fake.requests('group.create')).toEqual([
      {
        orgId: org.id,
        title: 'B2 sensor',
        memberIds: [fakeId(1, 1), fakeId(1, 2)],
        history: 'joined',
      },
    ]);
    await waitFor(() => expect(navigation.get().conversationId).toBe(madeId));
    expect(onClose).toHaveBeenCalled();
  });

  it('offers nobody twice; Backspace before the first letter takes the last one out again', async () => {
    await show();
    await chooseGroup();
    await add('Priya');
    await add('Tom');
    expect(screen.queryByRole('option', { name: /Priya|Tom|Maya/ })).toBeNull();
    peopleField().focus();
    await userEvent.keyboard('x{Backspace}');
    expect(screen.getByRole('button', { name: 'Remove Tom Becker' })).toBeTruthy();
    await userEvent.keyboard('{Backspace}');
    expect(screen.queryByRole('button', { name: 'Remove Tom Becker' })).toBeNull();
    expect(await screen.findByRole('option', { name: /Tom Becker/ })).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Remove Priya Nair' }));
    expect(document.activeElement).toBe(peopleField());
  });

  it('says what is missing and puts the focus there, before anything is sent', async () => {
    await show();
    await chooseGroup();
    await userEvent.click(screen.getByRole('button', { name: 'Create' }));
    expect(screen.getByText('Give the group a name.')).toBeTruthy();
    expect(screen.getByText('Choose at least one person.')).toBeTruthy();
    expect(document.activeElement).toBe(nameField());
    await userEvent.keyboard('Shift leads{Enter}');
    expect(screen.queryByText('Give the group a name.')).toBeNull();
    expect(document.activeElement).toBe(peopleField());
    expect(fake.requests('group.create')).toEqual([]);
  });

  it('names the limit while a name is too long, counting bytes as the server does', async () => {
    await show();
    await chooseGroup();
    await userEvent.click(nameField());
    await userEvent.paste('ü'.repeat(100));
    expect(screen.queryByRole('alert')).toBeNull();
    await userEvent.paste('é');
    expect(screen.getByRole('alert').textContent).toBe(
      'This name takes 202 bytes, over the limit of 200. Shorten it.',
    );
    await add('Priya');
    await userEvent.click(screen.getByRole('button', { name: 'Create with 1 person' }));
    expect(fake.requests('group.create')).toEqual([]);
  });

  it('keeps everything and gives the reason when the group cannot be kept', async () => {
    handle = (name) => (name === 'group.create' ? err(errorBody('DISK_FULL')) : undefined);
    await show();
    await chooseGroup();
    await userEvent.type(nameField(), 'B2');
    await add('Priya');
    await userEvent.click(screen.getByRole('button', { name: 'Create with 1 person' }));
    expect((await screen.findByRole('alert')).textContent).toContain('The group was not created.');
    expect(nameField().value).toBe('B2');
    expect(onClose).not.toHaveBeenCalled();
  });

  it.each([
    ['guest', /^As a guest/],
    ['policy', /^Only owners and admins/],
  ] as const)('who may make no group reads why: %s', async (groups, reason) => {
    await show(groups);
    expect(screen.queryByRole('radio', { name: 'Group' })).toBeNull();
    expect(screen.getByText(reason)).toBeTruthy();
  });
});
