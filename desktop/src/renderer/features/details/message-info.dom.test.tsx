import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideLookup } from '../../lib/compose-target.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, me, message } from '../../preview/world.ts';
import { MessageInfo } from './message-info.tsx';

const conversationId = fakeId(2, 1);
const at = (hour: number, minutes: number) => new Date(new Date().setHours(hour, minutes, 8, 0)).getTime();
let release = () => {};

beforeEach(() => void installWorld());
afterEach(() => {
  cleanup();
  release();
});

function show(editedAtMs: number | null): void {
  const row = message(3, at(9, 15), { isOwn: true, editedAtMs });
  release = provideLookup(conversationId, { lastOwn: () => row, find: () => row });
  renderUi(
    <MessageInfo conversationId={conversationId} messageId={row.id} ownUserId={me.id} isOffline={false} />,
  );
}
const details = () => within(screen.getByRole('heading', { name: 'Details' }).parentElement ?? document.body);

describe('MessageInfo', () => {
  it('says when a message was sent and when it was last edited', () => {
    show(at(9, 16));
    expect(details().getByText('Sent').nextSibling?.textContent).toBe('Today, 09:15:08');
    expect(details().getByText('Edited').nextSibling?.textContent).toBe('Today, 09:16:08');
  });

  it('says nothing of an edit that was not made', () => {
    show(null);
    expect(details().queryByText('Edited')).toBeNull();
    expect(screen.queryByText('Before it was edited')).toBeNull();
  });

  it('says when each person got it and read it, and no time that is not known', async () => {
    const person = (n: number, name: string, times: object) => {
      const unknown = { delivered: false, read: false, deliveredAtMs: null, readAtMs: null };
      return { userId: fakeId(1, n), name, ...unknown, ...times };
    };
    const receipts = [
      person(1, 'Priya', { delivered: true, read: true, deliveredAtMs: at(0, 2), readAtMs: at(0, 5) }),
      person(2, 'Ben', { delivered: true, deliveredAtMs: at(0, 3) }),
      person(3, 'Cleo', { delivered: true }),
      person(4, 'Dee', {}),
    ];
    installWorld((name) => (name === 'message.info' ? ok({ receipts, counts: null }) : undefined));
    show(null);
    const linesOf = async (name: string) =>
      [...(await screen.findByRole('region', { name })).querySelectorAll('.li')].map((it) =>
        [...it.querySelectorAll('.clip, .num')].map((part) => part.firstChild?.textContent).filter(Boolean),
      );
    expect(await linesOf('Seen by 1')).toEqual([['Priya', 'Delivered 00:02', 'Read 00:05']]);
    expect(await linesOf('Delivered to 2')).toEqual([['Ben', 'Delivered 00:03'], ['Cleo']]);
    expect(await linesOf('Not delivered yet: 1')).toEqual([['Dee']]);
  });

  it('of a crowd says how many, and names them a page at a time when asked', async () => {
    const person = (n: number, name: string) => {
      const times = { deliveredAtMs: null, readAtMs: at(0, 5) };
      return { userId: fakeId(1, n), name, delivered: true, read: true, ...times };
    };
    const asked: unknown[] = [];
    const cursor = fakeId(1, 1);
    installWorld((name, request) => {
      const counts = { seq: 3, people: 1_214, delivered: 300, read: 171 };
      if (name === 'message.info') return ok({ receipts: [], counts });
      if (name !== 'message.receipts') return undefined;
      asked.push(request);
      const isFirst = (request as { after: string | null }).after === null;
      const [receipts, next] = isFirst ? [[person(1, 'Ann')], cursor] : [[person(2, 'Ben')], null];
      return ok({ receipts, cursor: next });
    });
    show(null);
    const seen = await screen.findByRole('region', { name: 'Seen by 171 of 1,214' });
    screen.getByRole('region', { name: 'Delivered to 300 of 1,214' });
    screen.getByRole('region', { name: 'Not delivered yet: 914' });
    expect(asked).toEqual([]);
    await userEvent.click(within(seen).getByRole('button', { name: 'Show who has seen it' }));
    await within(seen).findByText('Ann');
    await userEvent.click(within(seen).getByRole('button', { name: 'Show more names' }));
    await within(seen).findByText('Ben');
    within(seen).getByText('Ann');
    expect(within(seen).queryByRole('button')).toBeNull();
    expect(asked).toMatchObject([
      { step: 'read', after: null },
      { step: 'read', after: cursor },
    ]);
  });

  it('shows what it said before, newest first, and says so when that is not known', async () => {
    const texts = ['first', 'second', 'now'].map((text, n) => ({ seq: n + 1, atMs: at(9, 15 + n), text }));
    let answer: Result<unknown, ErrorBody> = ok({ texts });
    installWorld((name) => (name === 'message.texts' ? answer : undefined));
    show(at(9, 17));
    const history = await screen.findByRole('region', { name: 'Before it was edited' });
    await within(history).findByText('second');
    expect([...history.querySelectorAll('.past-text')].map((each) => each.textContent)).toEqual([
      'Today, 09:16:08second',
      'Today, 09:15:08first',
    ]);
    cleanup();
    answer = err(errorBody('BUSY'));
    show(at(9, 17));
    await screen.findByText('What it said before is known only while you’re connected.');
  });
});
