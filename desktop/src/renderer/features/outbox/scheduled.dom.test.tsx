import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { ScheduledRow } from '../../../ipc/writing.ts';
import { navigation, resetNavigation } from '../../lib/navigation.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, type World } from '../../preview/world.ts';
import { OutboxPage } from './outbox-page.tsx';
import { ScheduledBanner } from './scheduled-banner.tsx';

let world: World;
let fake: FakeBridge;

beforeEach(() => {
  resetNavigation();
  ({ world, fake } = installWorld());
});
afterEach(cleanup);

const conversationId = fakeId(2, 1);
const row = (index: number, part: Partial<ScheduledRow> = {}): ScheduledRow => ({
  messageId: fakeId(3, index),
  conversationId,
  conversationTitle: 'Priya Nair',
  text: `Text ${index}`,
  sendAtMs: Date.now() + 86_400_000,
  isInThread: false,
  isPending: false,
  error: null,
  ...part,
});
const entry = (index: number) => screen.findByRole('group', { name: `Priya Nair: Text ${index}` });

describe('Scheduled messages', () => {
  it('stand on the Outbox page, those that were refused first and with their answers', async () => {
    world.scheduled = [
      row(1, { error: errorBody('NOT_MEMBER'), sendAtMs: Date.now() - 1_000 }),
      row(2, { isPending: true, isInThread: true }),
    ];
    renderUi(<OutboxPage isOffline={false} />);
    expect(await screen.findByRole('heading', { name: 'Scheduled, but not sent · 1' })).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'Scheduled · 1' })).toBeTruthy();
    const refused = within(await entry(1));
    expect(refused.getByText(/You’re no longer a member/u)).toBeTruthy();
    await userEvent.click(refused.getByRole('button', { name: 'Back to draft' }));
    expect(fake.requests('scheduled.toDraft')).toEqual([{ messageId: fakeId(3, 1) }]);
    expect(navigation.get()).toMatchObject({ section: 'chats', conversationId });
    expect(within(await entry(2)).getByText(/in a thread/u)).toBeTruthy();
    expect(within(await entry(2)).getByText(/The server doesn’t know it yet/u)).toBeTruthy();
  });

  it('are edited with text and time, sent now, and deleted only when asked twice', async () => {
    world.scheduled = [row(1)];
    renderUi(<OutboxPage isOffline={false} />);
    const act = async (name: string) => {
      const more = 'More actions for this scheduled message';
      await userEvent.click(within(await entry(1)).getByRole('button', { name: more }));
      await userEvent.click(await screen.findByRole('menuitem', { name }));
    };
    await act('Edit');
    const text = await screen.findByRole('textbox', { name: 'Message' });
    await userEvent.clear(text);
    await userEvent.type(text, 'Other');
    fireEvent.change(screen.getByLabelText('Date'), { target: { value: '2099-03-04' } });
    fireEvent.change(screen.getByLabelText('Time'), { target: { value: '05:06' } });
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    const messageId = fakeId(3, 1);
    expect(fake.requests('scheduled.change')).toEqual([
      { messageId, text: 'Other', sendAtMs: new Date('2099-03-04T05:06').getTime() },
    ]);
    await act('Send now');
    expect(fake.requests('scheduled.sendNow')).toEqual([{ messageId }]);
    await act('Delete');
    expect(fake.requests('scheduled.remove')).toEqual([]);
    const question = within(await screen.findByRole('alertdialog'));
    await userEvent.click(question.getByRole('button', { name: 'Delete' }));
    expect(fake.requests('scheduled.remove')).toEqual([{ messageId }]);
  });

  it('have a line over the composer that leads to them', async () => {
    world.scheduled = [row(1), row(2)];
    renderUi(<ScheduledBanner conversationId={conversationId} />);
    expect(await screen.findByText(/^2 scheduled messages, the next /u)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(navigation.get().section).toBe('outbox');
  });

  it('that were refused are said there with the reason', async () => {
    world.scheduled = [row(1, { error: errorBody('FORBIDDEN') }), row(2)];
    renderUi(<ScheduledBanner conversationId={conversationId} />);
    expect(await screen.findByText(/^A scheduled message wasn’t sent\. You are not allowed/u)).toBeTruthy();
  });
});

describe('A message with a deadline', () => {
  it('says until when it may go, and takes another time', async () => {
    world.outbox = [
      {
        opId: fakeId(8, 1),
        group: 'waiting',
        state: 'queued',
        action: 'send',
        conversationId,
        conversationTitle: 'Priya Nair',
        text: 'Text 1',
        composedAtMs: Date.now(),
        dropAtMs: Date.now() + 3_600_000,
        error: null,
        can: ['edit', 'deadline', 'cancel'],
      },
    ];
    renderUi(<OutboxPage isOffline />);
    expect(within(await entry(1)).getByText(/^Stays unsent if it can’t be sent by /u)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'More actions for this message' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Drop if not sent by…' }));
    fireEvent.change(await screen.findByLabelText('Date'), { target: { value: '2099-03-04' } });
    await userEvent.click(screen.getByRole('button', { name: 'Set' }));
    expect(fake.requests('outbox.setDeadline')).toMatchObject([{ opId: fakeId(8, 1) }]);
  });

  it('that is over says so and keeps its text', async () => {
    world.outbox = [
      {
        opId: fakeId(8, 1),
        group: 'attention',
        state: 'cancelled',
        action: 'send',
        conversationId,
        conversationTitle: 'Priya Nair',
        text: 'Text 1',
        composedAtMs: Date.now(),
        dropAtMs: null,
        error: errorBody('NOT_SENT_IN_TIME'),
        can: ['retry', 'edit', 'discard'],
      },
    ];
    renderUi(<OutboxPage isOffline />);
    expect(within(await entry(1)).getByText(/could not be sent by the time you chose/u)).toBeTruthy();
  });
});
