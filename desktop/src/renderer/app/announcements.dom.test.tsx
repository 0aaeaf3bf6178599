/** Announcements in the window: asking for acknowledgement, giving it, and seeing how far one got. */
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACKNOWLEDGEMENT } from '@curlew/shared/domain/message.ts';
import { ok } from '@curlew/shared/lib/result.ts';
import type { MessageRow } from '../../ipc/message-rows.ts';
import type { MemberRow } from '../../ipc/views.ts';
import { openConversation } from '../lib/navigation.ts';
import type { FakeBridge } from '../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import { conversation, fakeId, message, type World } from '../preview/world.ts';
import { Workspace } from './workspace.tsx';

const channelId = fakeId(2, 31);
/** Parts beside the first screen are loaded when they are first needed. */
const loads = { timeout: 5_000 };
let world: World;
let fake: FakeBridge;
let mayBeUrgent = false;
const counts = { people: 214, delivered: 200, read: 171, acknowledged: 58 };

beforeEach(() => {
  mayBeUrgent = false;
  ({ world, fake } = installWorld((name, request) => {
    if (name === 'app.saveText') return ok({ saved: true });
    if (name !== 'message.reach') return undefined;
    const { missing: step } = request as { missing: 'delivered' | 'read' | 'acknowledged' };
    return ok({
      requiresAck: true,
      total: counts,
      places: [{ scope: 'site', id: fakeId(9, 1), name: 'North Campus', ...counts }],
      missing: { step, count: 156, people: [{ userId: fakeId(1, 2), name: 'Tom Becker' }] },
    });
  }));
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 640 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 320 });
});
afterEach(cleanup);

async function show(ownRole: MemberRow['role'], part: Partial<MessageRow>): Promise<void> {
  world.conversations.push(
    conversation(31, {
      id: channelId,
      kind: 'announcement',
      title: 'Site notices',
      peerId: null,
      presence: null,
    }),
  );
  world.metas[channelId] = {
    members: world.people.map((person) => ({ ...person, role: 'member', isPending: false })),
    ownRole,
    canPost: ownRole !== 'member',
    rules: { messageTtlMs: null, editWindowMs: null, hasReadReceipts: true, mayBeUrgent },
  };
  world.messages[channelId] = [message(1, Date.now(), { text: 'Fire drill at 11', ...part })];
  const { session } = world;
  if (session.state !== 'active') throw new Error('somebody is signed in');
  openConversation(channelId);
  renderUi(<Workspace session={session} />);
  await screen.findByRole('article');
}
const ask = { isOwn: false, isWaiting: false, count: 0 };

describe('a reader', () => {
  it('acknowledges once, by button or key, and has nothing to take it back with', async () => {
    await show('member', { acknowledgement: ask });
    expect(screen.getByRole('article', { name: /Please acknowledge$/ })).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Acknowledge' }));
    act(() => screen.getByRole('article').focus());
    await userEvent.keyboard('a');
    const given = { conversationId: channelId, messageId: fakeId(3, 1), emoji: ACKNOWLEDGEMENT, on: true };
    expect(fake.requests('message.react')).toEqual([given, given]);
    const acknowledgement = { isOwn: true, isWaiting: false, count: 1 };
    world.messages[channelId] = [message(1, Date.now(), { acknowledgement })];
    act(() => fake.refresh());
    expect(await screen.findByText('Acknowledged')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Acknowledge' })).toBeNull();
    act(() => screen.getByRole('article').focus());
    await userEvent.keyboard('a');
    expect(fake.requests('message.react')).toHaveLength(2);
  });
});

describe('an announcer', () => {
  it('asks for acknowledgement of one announcement, not of the next', async () => {
    await show('owner', { isOwn: true });
    await userEvent.click(screen.getByRole('button', { name: 'Ask everybody to acknowledge' }));
    expect(screen.getByText('Everybody is asked to acknowledge this.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Mark as urgent' })).toBeNull();
    await userEvent.click(screen.getByRole('textbox', { name: /^Message/ }));
    await userEvent.keyboard('Fire drill{Enter}Thank you{Enter}');
    await waitFor(() =>
      expect(fake.requests('message.send').map((request) => request.requiresAck)).toEqual([true, undefined]),
    );
  });

  it('marks one as urgent where the organization allows it, not the next', async () => {
    mayBeUrgent = true;
    await show('owner', { isOwn: true, isUrgent: true });
    expect(screen.getByRole('article', { name: /Urgent/ })).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Mark as urgent' }));
    expect(screen.getByText(/^Urgent: this notifies also/)).toBeTruthy();
    await userEvent.click(screen.getByRole('textbox', { name: /^Message/ }));
    await userEvent.keyboard('Evacuate{Enter}Thank you{Enter}');
    await waitFor(() =>
      expect(fake.requests('message.send').map(({ urgent }) => urgent)).toEqual([true, undefined]),
    );
  });

  it('sees how many have seen it, then who has not, and saves it', async () => {
    const acknowledgement = { ...ask, count: 58 };
    await show('owner', { isOwn: true, acknowledgement, seen: { count: 171, total: 214 } });
    expect(screen.queryByRole('button', { name: 'Acknowledge' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Seen by 171 of 214 · 58 acknowledged' }));
    const pane = within(await screen.findByRole('complementary', { name: 'Details' }, loads));
    expect((await pane.findAllByText('171 of 214')).length).toBe(2);
    expect(pane.getByRole('rowheader', { name: 'North Campus' })).toBeTruthy();
    expect(pane.getByText('Tom Becker')).toBeTruthy();
    expect(pane.getByText('and 155 more people')).toBeTruthy();
    await userEvent.click(pane.getByRole('radio', { name: 'Acknowledged' }));
    await waitFor(() => expect(fake.requests('message.reach').at(-1)?.missing).toBe('acknowledged'));
    await userEvent.click(pane.getByRole('button', { name: 'Export as CSV' }));
    expect(fake.requests('app.saveText')[0]?.fileName).toMatch(/^Reach \d{4}-\d\d-\d\d\.csv$/);
    expect(fake.requests('app.saveText')[0]?.text).toContain('North Campus,214,200,171,58');
  });
});
