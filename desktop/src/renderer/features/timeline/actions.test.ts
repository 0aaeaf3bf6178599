/** What a message offers: never what the server would refuse. */
import { expect, it } from 'vitest';
import { message } from '../../preview/world.ts';
import { actionsFor } from './actions.ts';

const minute = 60_000;
const unmarked = { isPinned: false, isSaved: false };
const writtenMs = 1_700_000_000_000;
const member = { isMember: true, canPost: true, canPin: true, editWindowMs: 15 * minute };
const moderator = { ...member, canModerate: true };

it('authors edit and take back inside the window of the organization only', () => {
  const own = message(1, writtenMs, { isOwn: true });
  const inTime = actionsFor(own, member, unmarked, writtenMs + 15 * minute);
  expect(inTime).toContain('edit');
  expect(inTime).toContain('deleteForEveryone');
  const late = actionsFor(own, member, unmarked, writtenMs + 15 * minute + 1);
  expect(late).not.toContain('edit');
  expect(late).not.toContain('deleteForEveryone');
  expect(late).toContain('deleteForMe');
  expect(actionsFor(own, { ...member, editWindowMs: null }, unmarked, Number.MAX_SAFE_INTEGER)).toContain(
    'edit',
  );
});

it('a message that waits can always be changed', () => {
  const waiting = message(1, writtenMs, { isOwn: true, seq: null });
  expect(actionsFor(waiting, { ...member, editWindowMs: 0 }, unmarked, writtenMs + minute)).toContain('edit');
});

it('those who run a conversation take back what anybody wrote, at any time, and rewrite nothing', () => {
  const late = writtenMs + 60 * minute;
  for (const isOwn of [true, false]) {
    const offered = actionsFor(message(1, writtenMs, { isOwn }), moderator, unmarked, late);
    expect(offered).toContain('deleteForEveryone');
    expect(offered).not.toContain('edit');
  }
  expect(actionsFor(message(1, writtenMs), member, unmarked, writtenMs)).not.toContain('deleteForEveryone');
  expect(actionsFor(message(1, writtenMs), { ...moderator, isMember: false }, unmarked, late)).not.toContain(
    'deleteForEveryone',
  );
});
