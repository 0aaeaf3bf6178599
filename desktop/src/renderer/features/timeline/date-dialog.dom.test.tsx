import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { dateJump } from '../../lib/date-jump.ts';
import { navigation, resetNavigation } from '../../lib/navigation.ts';
import type { FakeBridge, IntentHandler } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId } from '../../preview/world.ts';
import { DateDialog } from './date-dialog.tsx';
import { SystemRow } from './system-row.tsx';

const conversationId = fakeId(2, 1);
let fake: FakeBridge;
let handle: IntentHandler;

beforeEach(() => {
  resetNavigation();
  handle = () => ok({ messageId: fakeId(3, 7) });
  ({ fake } = installWorld((name, request) => handle(name, request)));
});
afterEach(cleanup);

const choose = async (date: string) => {
  renderUi(<DateDialog conversationId={conversationId} />);
  act(() => dateJump.set(conversationId));
  fireEvent.change(await screen.findByLabelText('Date'), { target: { value: date } });
  await userEvent.click(screen.getByRole('button', { name: 'Jump' }));
};

it('goes to the first message of the chosen day, as this computer counts days', async () => {
  await choose('2026-03-09');
  const atMs = new Date(2026, 2, 9).getTime();
  expect(fake.requests('history.jumpToDate')).toEqual([{ conversationId, atMs }]);
  await waitFor(() => expect(navigation.get().jump).toMatchObject({ messageId: fakeId(3, 7) }));
  expect(dateJump.get()).toBeNull();
});

it('takes no day to come, and says when there is nothing', async () => {
  handle = () => err(errorBody('NOT_FOUND'));
  await choose('2999-01-01');
  expect((await screen.findByRole('alert')).textContent).toContain('not in the future');
  fireEvent.change(screen.getByLabelText('Date'), { target: { value: '2020-01-01' } });
  await userEvent.click(screen.getByRole('button', { name: 'Jump' }));
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('no message on this device'));
});

it('opens from the day that stands over the messages of a day', async () => {
  const conversation = {
    id: conversationId,
    title: 'Priya Nair',
    isDirect: true,
    memberCount: 2,
    rights: { isMember: true, canPost: true, canPin: true },
    pinnedIds: new Set<string>(),
    savedIds: new Set<string>(),
    readers: [],
    unreadFromSeq: null,
    unread: 0,
  };
  renderUi(
    <>
      <SystemRow
        item={{ kind: 'day', key: 'day', atMs: Date.now() }}
        conversation={conversation}
        onJump={() => undefined}
      />
      <DateDialog conversationId={conversationId} />
    </>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Today, jump to a date' }));
  expect(await screen.findByLabelText('Date')).toBeTruthy();
});
