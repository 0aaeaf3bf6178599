import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SavedRow } from '../../../ipc/writing.ts';
import { navigation, resetNavigation } from '../../lib/navigation.ts';
import { runToastAction } from '../../lib/toast.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, type World } from '../../preview/world.ts';
import { SavedPage } from './saved-page.tsx';

let world: World;
let fake: FakeBridge;

beforeEach(() => {
  resetNavigation();
  ({ world, fake } = installWorld());
});
afterEach(cleanup);

const saved = (index: number, part: Partial<SavedRow> = {}): SavedRow => ({
  messageId: fakeId(3, index),
  conversationId: fakeId(2, 1),
  conversationTitle: 'Door 4',
  senderName: 'Priya Nair',
  isOwn: false,
  text: `Text ${index}`,
  isDeleted: false,
  atMs: Date.now(),
  ...part,
});

describe('Saved messages', () => {
  it('say how to get something here', async () => {
    renderUi(<SavedPage />);
    expect(await screen.findByText(/^Nothing is saved\. Choose Save/u)).toBeTruthy();
  });

  it('open at the message', async () => {
    world.saved = [saved(1), saved(2), saved(3, { text: null, senderName: null, atMs: null })];
    renderUi(<SavedPage />);
    await userEvent.click(await screen.findByRole('button', { name: /Priya Nair in Door 4.*Text 1/u }));
    expect(navigation.get()).toMatchObject({
      section: 'chats',
      conversationId: fakeId(2, 1),
      jump: { messageId: fakeId(3, 1) },
    });
    await userEvent.click(screen.getByRole('button', { name: /Text 2/u }));
    expect(navigation.get()).toMatchObject({ jump: { messageId: fakeId(3, 2) } });
    expect(screen.getByText('Not on this device yet. It loads when you open it.')).toBeTruthy();
  });

  it('are taken off the list, and back', async () => {
    world.saved = [saved(1)];
    renderUi(<SavedPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Remove from saved' }));
    const about = { conversationId: fakeId(2, 1), messageId: fakeId(3, 1) };
    expect(fake.requests('message.save')).toEqual([{ ...about, on: false }]);
    runToastAction();
    expect(fake.requests('message.save').at(-1)).toEqual({ ...about, on: true });
  });
});
