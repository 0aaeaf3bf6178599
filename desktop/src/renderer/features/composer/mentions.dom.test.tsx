/** Mentions by keyboard: the list over the field, and what of it is sent. */
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everyoneWord } from '../../lib/mentions.ts';
import { MentionNamesContext } from '../../lib/use-mentions.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId } from '../../preview/world.ts';
import { RichText } from '../../ui/rich-text.tsx';
import { Composer } from './composer.tsx';
import { resetDrafts } from './draft-keeper.ts';
import { forgetMentions } from './mention-keeper.ts';

const group = fakeId(2, 20);
const priya = { id: fakeId(1, 1), name: 'Priya Nair' };
const tom = { id: fakeId(1, 2), name: 'Tom Becker' };
const everyone = { id: group, name: everyoneWord };
let fake: FakeBridge;

beforeEach(() => {
  resetDrafts();
  forgetMentions(group);
  ({ fake } = installWorld());
});
afterEach(cleanup);

async function show(memberCount = 3, text = ''): Promise<void> {
  renderUi(
    <Composer
      conversationId={group}
      title="B2"
      draft={text === '' ? null : { text, replyTo: null }}
      sendWith="enter"
      mentionables={[priya, tom, everyone]}
      memberCount={memberCount}
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

  it('mentions everybody by the conversation, and asks first when they are many', async () => {
    await show(51);
    await userEvent.keyboard('@every{Enter}');
    const question = await screen.findByRole('alertdialog', { name: 'Notify all 51 people?' });
    await userEvent.click(within(question).getByRole('button', { name: 'Notify everybody' }));
    await waitFor(() => expect(field().value).toBe('@everyone '));
    await waitFor(() => expect(document.activeElement).toBe(field()));
    await userEvent.keyboard('{Enter}');
    expect(mentions()).toEqual([[group]]);
  });

  it('keeps the mentions of a draft that came back', async () => {
    await show(3, '@Tom Becker look');
    await userEvent.keyboard('{Enter}');
    expect(mentions()).toEqual([[tom.id]]);
  });

  it('shows them in messages, the own name more strongly', () => {
    const names = new Map([
      ['Maya', 'own'],
      ['Tom Becker', 'other'],
    ] as const);
    renderUi(
      <MentionNamesContext value={names}>
        <RichText text="**@Maya** and @Tom Becker, `@Maya`, @Nobody" />
      </MentionNamesContext>,
    );
    expect(
      [...document.querySelectorAll('.mention')].map((each) => [each.textContent, each.className]),
    ).toEqual([
      ['@Maya', 'mention own'],
      ['@Tom Becker', 'mention'],
    ]);
  });
});
