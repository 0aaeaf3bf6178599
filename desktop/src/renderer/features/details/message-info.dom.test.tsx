import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { cleanup, screen, within } from '@testing-library/react';
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
