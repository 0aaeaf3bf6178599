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
  });
});
