import { act, cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConversationPane } from '../../app/conversation-pane.tsx';
import { announcements } from '../../lib/announcer.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { addGroup, groupId } from '../../preview/world-group.ts';
import { fakeId, type World } from '../../preview/world.ts';
import { resetDrafts } from './draft-keeper.ts';

let world: World;
let fake: FakeBridge;

beforeEach(() => {
  resetDrafts();
  ({ world, fake } = installWorld());
});
afterEach(cleanup);

const show = () => renderUi(<ConversationPane conversationId={groupId} isOffline={false} isNarrow={false} />);
const field = () => screen.queryByRole('textbox', { name: /^Message / });

describe('the place of the composer', () => {
  it('says, and speaks, that somebody was taken out, and keeps the keyboard there', async () => {
    addGroup(world);
    show();
    await userEvent.click(await screen.findByRole('textbox', { name: 'Message B2 sensor replacement' }));
    world.metas[groupId] = { ...world.metas[groupId], ownRole: null, canPost: false };
    act(() => fake.refresh());
    const sentence = screen.getByText('You’re no longer a member of this conversation.');
    expect(field()).toBeNull();
    expect(document.activeElement).toBe(sentence);
    expect(announcements.get().polite).toContain('no longer a member');
    expect(screen.getByText('You’re no longer a member')).toBeTruthy();
  });

  it('says that a conversation is closed, and lets those who run it open it again', async () => {
    addGroup(world, { isClosed: true, canPost: false, ownRole: 'member' });
    show();
    expect(
      await screen.findByText('This conversation is closed. Those who run it can open it again.'),
    ).toBeTruthy();
    expect(field()).toBeNull();
    expect(screen.queryByRole('button', { name: 'Reopen' })).toBeNull();
    const link = { type: 'ticket', id: 'FM-2481', url: 'https://tickets.example.org/1', status: 'Solved' };
    world.metas[groupId] = { ...world.metas[groupId], ownRole: 'moderator', link };
    act(() => fake.refresh());
    expect(screen.getByText(/^FM-2481 is “Solved” and this conversation is closed\./)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Reopen' }));
    expect(fake.requests('conversation.setClosed')).toEqual([{ conversationId: groupId, isClosed: false }]);
  });

  it('says who may write in announcements', async () => {
    const row = addGroup(world, { ownRole: 'member', canPost: false });
    world.conversations[0] = { ...row, kind: 'announcement' };
    show();
    expect(
      await screen.findByText('Only announcers can post here. You can react, or ask in a direct message.'),
    ).toBeTruthy();
    // The owner spoke to nobody yet; the first who runs it is asked.
    await userEvent.click(screen.getByRole('button', { name: 'Message Priya Nair' }));
    expect(fake.requests('conversation.openDirect')).toEqual([{ userId: fakeId(1, 1) }]);
  });

  it('counts members, and those online only while that is known', async () => {
    addGroup(world);
    const { rerender } = show();
    expect(await screen.findByText('8 members, 3 online')).toBeTruthy();
    rerender(<ConversationPane conversationId={groupId} isOffline isNarrow={false} />);
    expect(screen.getByText('8 members')).toBeTruthy();
  });
});
