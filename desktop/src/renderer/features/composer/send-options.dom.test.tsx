import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { timeOf } from '../../lib/times.ts';
import { currentToast, runToastAction } from '../../lib/toast.ts';
import type { FakeBridge, IntentHandler } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId } from '../../preview/world.ts';
import { Composer } from './composer.tsx';
import { resetDrafts } from './draft-keeper.ts';

const conversationId = fakeId(2, 1);
const messageId = fakeId(3, 9);
let fake: FakeBridge;
let handle: IntentHandler;

beforeEach(() => {
  resetDrafts();
  handle = () => ok({ messageId });
  ({ fake } = installWorld((name, request) => handle(name, request)));
});
afterEach(cleanup);

const show = () =>
  renderUi(<Composer conversationId={conversationId} title="Priya Nair" draft={null} sendWith="enter" />);
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message Priya Nair' });
const open = async (item: string) => {
  await userEvent.click(screen.getByRole('button', { name: 'Send options' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: new RegExp(item, 'u') }));
};
const pickTime = async (dialog: string, date: string, time: string, button: string) => {
  await screen.findByRole('dialog', { name: dialog });
  fireEvent.change(screen.getByLabelText('Date'), { target: { value: date } });
  fireEvent.change(screen.getByLabelText('Time'), { target: { value: time } });
  await userEvent.click(screen.getByRole('button', { name: button }));
};

describe('Send options', () => {
  it('are there while there is something to send', async () => {
    show();
    expect(screen.getByRole('button', { name: 'Send options' })).toHaveProperty('disabled', true);
    await userEvent.type(field(), 'x');
    expect(screen.getByRole('button', { name: 'Send options' })).toHaveProperty('disabled', false);
  });

  it('schedule at once, empty the field, and a toast takes it back', async () => {
    show();
    await userEvent.type(field(), 'See you');
    await open('Send tomorrow');
    const sendAtMs = timeOf('tomorrow', Date.now());
    expect(fake.requests('message.schedule')).toEqual([
      { conversationId, text: 'See you', replyTo: null, sendAtMs },
    ]);
    expect(field().value).toBe('');
    expect(fake.requests('message.send')).toEqual([]);
    await waitFor(() => expect(currentToast.get()?.text).toMatch(/^Scheduled for /u));
    runToastAction();
    expect(fake.requests('scheduled.toDraft')).toEqual([{ messageId }]);
  });

  it('take a time of their own, in the zone they name, and none that is over', async () => {
    show();
    await userEvent.type(field(), 'Later');
    await open('Send later');
    expect(await screen.findByText(/^Time zone of this computer: .+/u)).toBeTruthy();
    await pickTime('Send later', '2001-01-01', '10:00', 'Schedule');
    expect(await screen.findByText('Choose a time that is still to come.')).toBeTruthy();
    expect(fake.requests('message.schedule')).toEqual([]);
    await pickTime('Send later', '2099-03-04', '05:06', 'Schedule');
    expect(fake.requests('message.schedule')).toMatchObject([
      { text: 'Later', sendAtMs: new Date('2099-03-04T05:06').getTime() },
    ]);
  });

  it('give a send a time after which it does not go any more', async () => {
    show();
    await userEvent.type(field(), 'Only now');
    await open('Send, but not after');
    await pickTime('Drop if not sent by', '2099-03-04', '05:06', 'Send');
    expect(fake.requests('message.send')).toEqual([
      {
        conversationId,
        text: 'Only now',
        replyTo: null,
        dropAtMs: new Date('2099-03-04T05:06').getTime(),
      },
    ]);
  });

  it('give the text back when the core refuses', async () => {
    handle = (name) => (name === 'message.schedule' ? err(errorBody('DISK_FULL')) : undefined);
    show();
    await userEvent.type(field(), 'Kept');
    await open('Send in 1 hour');
    await waitFor(() => expect(field().value).toBe('Kept'));
    expect(screen.getByRole('alert').textContent).toContain('almost full');
  });
});
