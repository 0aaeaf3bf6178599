/** What the window shows at a start, of what was open when it closed. */
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { navigation, openConversation } from '../lib/navigation.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import { fakeId } from '../preview/world.ts';
import { Workspace } from './workspace.tsx';

afterEach(cleanup);

/** Starts with a note of the last run. */
function startWith(conversationId: string): void {
  const { session } = installWorld().world;
  if (session.state !== 'active') throw new Error('somebody is signed in');
  localStorage.setItem(`curlew.place.${session.accountId}`, JSON.stringify({ conversationId }));
  renderUi(<Workspace session={session} />);
}

it('opens the conversation that was open', async () => {
  startWith(fakeId(2, 1));
  await screen.findByRole('textbox', { name: /^Message/ });
});

it('shows the list without a word when that is gone, but says so of one a link asked for', async () => {
  startWith(fakeId(2, 999));
  await screen.findByText(/^Choose a conversation/);
  expect(navigation.get().conversationId).toBeNull();
  openConversation(fakeId(2, 998));
  await screen.findByText('This conversation is no longer available');
});
