/** Mentions by keyboard: the list over the field, and what of it is sent. */
import { act, cleanup, renderHook, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVERYONE_WORD, HERE, HERE_WORD } from '@curlew/shared/domain/message.ts';
import type { ConversationRow, MemberRow } from '../../../ipc/views.ts';
import { editMessage } from '../../lib/compose-target.ts';
import type { Mentionable } from '@curlew/shared/lib/mentions.ts';
import { useMentions } from '../../lib/use-mentions.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, message } from '../../preview/world.ts';
import { RichText } from '../../ui/rich-text.tsx';
import { Composer } from './composer.tsx';
import { resetDrafts } from './draft-keeper.ts';
import { forgetMentions } from './mention-keeper.ts';

const group = fakeId(2, 20);
const priya = { id: fakeId(1, 1), name: 'Priya Nair' };
const tom = { id: fakeId(1, 2), name: 'Tom Becker' };
const everyone: Mentionable = {
  id: group,
  name: EVERYONE_WORD,
  kind: 'everyone',
  memberIds: [priya.id, tom.id],
};
const crowd = Array.from({ length: 60 }, (_, at) => fakeId(1, at + 1));
const north: Mentionable = { id: fakeId(8, 1), name: 'North', kind: 'site', memberIds: crowd };
let fake: FakeBridge;

beforeEach(() => {
  resetDrafts();
  forgetMentions(group);
  ({ fake } = installWorld());
});
afterEach(cleanup);

async function show(text = '', mentionables: readonly Mentionable[] = [priya, tom, everyone]): Promise<void> {
  renderUi(
    <Composer
      conversationId={group}
      title="B2"
      draft={text === '' ? null : { text, replyTo: null }}
      sendWith="enter"
      mentionables={mentionables}
    />,
  );
  await userEvent.click(screen.getByRole('textbox'));
}
const field = () => document.querySelector('textarea') ?? document.createElement('textarea');
const options = () => screen.queryAllByRole('option').map((each) => each.textContent);
const mentions = () => fake.requests('message.send').map((each) => each.mentions);

describe('mentioning', () => {
  it('offers the members at @, moves with the arrows, and Enter and Tab choose', async () => {
    await show();
    await userEvent.keyboard('Hi @');
    const box = screen.getByRole('combobox', { name: 'Message B2' });
    expect(box).toBe(document.activeElement);
    expect(box.getAttribute('aria-controls')).toBe(screen.getByRole('listbox').id);
    expect(options()).toHaveLength(3);
    await userEvent.keyboard('{ArrowDown}');
    const marked = within(screen.getByRole('listbox')).getByRole('option', { selected: true });
    expect(marked.textContent).toContain('Tom Becker');
    expect(box.getAttribute('aria-activedescendant')).toBe(marked.id);
    await userEvent.keyboard('{Enter}');
    expect(field().value).toBe('Hi @Tom Becker ');
    expect(screen.queryByRole('listbox')).toBeNull();
    await userEvent.keyboard('and @nai{Tab}');
    expect(field().value).toBe('Hi @Tom Becker and @Priya Nair ');
    expect(document.activeElement).toBe(field());
    await userEvent.keyboard('{Enter}');
    expect(mentions()).toEqual([[priya.id, tom.id]]);
  });

  it('sends no mention that was removed from the text, and none that was not chosen', async () => {
    await show();
    await userEvent.keyboard('@pri{Enter}');
    await userEvent.keyboard('{Backspace}{Backspace}{Escape}');
    await userEvent.keyboard(' see @Tom Becker{Escape}{Enter}');
    expect(fake.requests('message.send')).toEqual([
      { conversationId: group, text: '@Priya Nai see @Tom Becker', replyTo: null },
    ]);
    // The next message begins anew.
    await userEvent.keyboard('@Priya Nair{Escape}{Enter}');
    expect(mentions()).toEqual([undefined, undefined]);
  });

  it('closes with Esc and stays closed for this @; Enter sends again', async () => {
    await show();
    await userEvent.keyboard('@t');
    expect(options()).toHaveLength(1);
    await userEvent.keyboard('{Escape}o');
    expect(options()).toEqual([]);
    await userEvent.keyboard('{Enter}');
    expect(fake.requests('message.send')).toHaveLength(1);
  });

  it('mentions everybody by the conversation, without a question while they are few', async () => {
    await show();
    await userEvent.keyboard('@every{Enter}{Enter}');
    expect(mentions()).toEqual([[group]]);
  });

  it('offers everybody, those online, sites and units of a group, and nobody but people in a direct one', () => {
    const offered = (kind: 'group' | 'direct') => {
      const members = [priya, tom].map((person) => ({ ...person, role: 'member' }) as unknown as MemberRow);
      const row = { kind } as ConversationRow;
      const places = [{ id: north.id, name: 'North', kind: 'site' as const, memberIds: [tom.id] }];
      const { result, unmount } = renderHook(() => useMentions(group, { members, places, row }));
      const names = result.current.map(({ id, name }) => [id, name]);
      unmount();
      return names;
    };
    const people = [priya, tom].map(({ id, name }) => [id, name]);
    expect(offered('direct')).toEqual(people);
    expect(offered('group')).toEqual([
      ...people,
      [group, EVERYONE_WORD],
      [HERE, HERE_WORD],
      [north.id, 'North'],
    ]);
  });

  it('mentions those online, and asks first where that may be more than 50', async () => {
    const here: Mentionable = { id: HERE, name: HERE_WORD, kind: 'here', memberIds: crowd };
    await show('', [priya, everyone, here]);
    await userEvent.keyboard('@he');
    expect(options()).toEqual(['@hereEverybody here who is online']);
    await userEvent.keyboard('{Enter}{Enter}');
    const question = await screen.findByRole('alertdialog', { name: 'Notify 60 people?' });
    await userEvent.click(within(question).getByRole('button', { name: 'Send and notify' }));
    await waitFor(() => expect(mentions()).toEqual([[HERE]]));
  });

  it('asks before a message notifies more than 50 people, each counted once', async () => {
    await show('', [priya, everyone, north]);
    await userEvent.keyboard('@nort{Enter}');
    expect(options()).toEqual([]);
    await userEvent.keyboard('and @pri{Enter}{Enter}');
    const question = await screen.findByRole('alertdialog', { name: 'Notify 60 people?' });
    expect(mentions()).toEqual([]);
    await userEvent.click(within(question).getByRole('button', { name: 'Keep writing' }));
    await waitFor(() => expect(document.activeElement).toBe(field()));
    expect(field().value).toBe('@North and @Priya Nair ');
    await userEvent.keyboard('{Enter}');
    const again = await screen.findByRole('alertdialog');
    await userEvent.click(within(again).getByRole('button', { name: 'Send and notify' }));
    await waitFor(() => expect(mentions()).toEqual([[priya.id, north.id]]));
  });

  it('an edit keeps the mentions that still stand, and takes new ones', async () => {
    await show();
    const row = message(1, Date.now(), {
      isOwn: true,
      text: '@Tom Becker and @Priya Nair',
      mentions: [
        { ...tom, isOwn: false },
        { ...priya, isOwn: false },
      ],
    });
    act(() => editMessage(group, row));
    await waitFor(() => expect(field().value).toBe(row.text));
    await userEvent.clear(field());
    await userEvent.type(field(), '@Tom Becker, ');
    await userEvent.keyboard('@every{Enter}{Enter}');
    expect(fake.requests('message.edit')).toMatchObject([{ messageId: row.id, mentions: [tom.id, group] }]);
  });

  it('keeps the mentions of a draft that came back', async () => {
    await show('@Tom Becker look');
    await userEvent.keyboard('{Enter}');
    expect(mentions()).toEqual([[tom.id]]);
  });

  it('shows those a message mentions, not everybody it names; the own more strongly', () => {
    const mentioned = [
      { id: fakeId(1, 9), name: 'Maya', isOwn: true },
      { ...tom, isOwn: false },
    ];
    renderUi(<RichText text="**@Maya** and @Tom Becker, `@Maya`, @Priya Nair" mentions={mentioned} />);
    expect(
      [...document.querySelectorAll('.mention')].map((each) => [each.textContent, each.className]),
    ).toEqual([
      ['@Maya', 'mention own'],
      ['@Tom Becker', 'mention'],
    ]);
  });
});
