import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { announcements } from '../../lib/announcer.ts';
import { editMessage, latestRequests, provideLookup, replyTo } from '../../lib/compose-target.ts';
import { currentToast, runToastAction } from '../../lib/toast.ts';
import type { FakeBridge, IntentHandler } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, message } from '../../preview/world.ts';
import { Composer } from './composer.tsx';
import { resetDrafts, type StoredDraft } from './draft-keeper.ts';
import { textLimitBytes } from './text.ts';

const first = fakeId(2, 1);
const second = fakeId(2, 2);
let fake: FakeBridge;
let handle: IntentHandler;

beforeEach(() => {
  resetDrafts();
  handle = () => undefined;
  ({ fake } = installWorld((name, request) => handle(name, request)));
});
afterEach(cleanup);

function composer(
  conversationId = first,
  draft: StoredDraft | null | undefined = null,
  title = 'Priya Nair',
) {
  return <Composer conversationId={conversationId} title={title} draft={draft} sendWith="enter" />;
}
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox');
const drafts = () => fake.requests('draft.save');

describe('Composer', () => {
  it('is a labelled text box; Enter sends and empties it in the same moment', async () => {
    renderUi(composer());
    expect(screen.getByRole('textbox', { name: 'Message Priya Nair' })).toBe(field());
    await userEvent.type(field(), 'Hello{Shift>}{Enter}{/Shift}there{Enter}');
    expect(field().value).toBe('');
    expect(fake.requests('message.send')).toEqual([
      { conversationId: first, text: 'Hello\nthere', replyTo: null },
    ]);
  });

  it('saves the draft 250 ms after typing and removes it after the send is durable', async () => {
    renderUi(composer());
    await userEvent.type(field(), 'Half a thou');
    await waitFor(() => expect(drafts().at(-1)?.draft).toEqual({ text: 'Half a thou', replyTo: null }));
    expect(drafts().length).toBeLessThan(4);
    await userEvent.type(field(), 'ght{Enter}');
    await waitFor(() => expect(drafts().at(-1)?.draft).toBeNull());
    const order = fake.calls.map((call) => call.name);
    expect(order.lastIndexOf('draft.save')).toBeGreaterThan(order.indexOf('message.send'));
  });

  it('gives the text back with the reason when the send is refused', async () => {
    handle = (name) => (name === 'message.send' ? err(errorBody('DISK_FULL')) : undefined);
    renderUi(composer());
    await userEvent.type(field(), 'Keep me{Enter}');
    await waitFor(() => expect(field().value).toBe('Keep me'));
    expect(screen.getByRole('alert').textContent).toContain('almost full');
    await waitFor(() => expect(drafts().at(-1)?.draft).toEqual({ text: 'Keep me', replyTo: null }));
  });

  it('refuses a text over the limit with a sentence that names it', () => {
    renderUi(composer());
    fireEvent.change(field(), { target: { value: 'x'.repeat(textLimitBytes + 1) } });
    expect(screen.getByRole('alert').textContent).toContain('64 KiB');
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(fake.requests('message.send')).toEqual([]);
    expect(field().value.length).toBe(textLimitBytes + 1);
  });

  it('keeps each conversation’s text apart, and focus, when the conversation changes', async () => {
    const view = renderUi(composer(first));
    await userEvent.type(field(), 'for Priya');
    view.rerender(composer(second, { text: 'for Tom', replyTo: null }, 'Tom Becker'));
    expect(field().value).toBe('for Tom');
    expect(document.activeElement).toBe(field());
    const draft = { text: 'for Priya', replyTo: null };
    expect(drafts()).toContainEqual({ conversationId: first, draft, over: null });
    await userEvent.type(field(), '!');
    view.rerender(composer(first, { text: 'for Priya', replyTo: null }));
    expect(field().value).toBe('for Priya');
  });

  it('puts words typed before the stored draft arrived after it', async () => {
    const view = renderUi(composer(first, undefined));
    await userEvent.type(field(), 'new');
    expect(field().value).toBe('new');
    view.rerender(composer(second, undefined));
    await userEvent.type(field(), 'more');
    view.rerender(composer(second, { text: 'Stored ', replyTo: null }));
    // What is being written here stays; the stored words are not thrown over it.
    expect(field().value).toContain('more');
  });

  it('takes a draft from another device while nothing is being written here', () => {
    const view = renderUi(composer());
    view.rerender(composer(first, { text: 'from the laptop', replyTo: null }));
    expect(field().value).toBe('from the laptop');
  });

  it('keeps what is being written and tells over which draft, when another device writes', async () => {
    const view = renderUi(composer());
    await userEvent.type(field(), 'Mine');
    await waitFor(() => expect(drafts()).toHaveLength(1));
    view.rerender(composer(first, { text: 'From the laptop', replyTo: null }));
    expect(field().value).toBe('Mine');
    const mine = { text: 'Mine', replyTo: null };
    expect(drafts().at(-1)).toEqual({ conversationId: first, draft: mine, over: mine });
  });

  it('offers the draft of another device; the one that gave way comes back from the toast', async () => {
    const other = { text: 'From the laptop', replyTo: null };
    const mine = { text: 'Mine', replyTo: null };
    handle = (name) => {
      if (name === 'draft.choose') return ok({ draft: other });
      return name === 'draft.restore' ? ok({ draft: mine }) : undefined;
    };
    renderUi(
      <Composer conversationId={first} title="Priya Nair" draft={mine} otherDraft={other} sendWith="enter" />,
    );
    expect(screen.getByText('Draft from another device')).toBeTruthy();
    expect(screen.getByText('From the laptop')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Use the other draft' }));
    await waitFor(() => expect(field().value).toBe('From the laptop'));
    expect(fake.requests('draft.choose')).toEqual([{ conversationId: first, useOther: true }]);
    expect(currentToast.get()?.text).toBe('Your draft was put aside');
    act(runToastAction);
    await waitFor(() => expect(field().value).toBe('Mine'));
  });

  it('brings back the draft that was cleared last while the field is empty', async () => {
    handle = (name) =>
      name === 'draft.restore' ? ok({ draft: { text: 'A long thought', replyTo: null } }) : undefined;
    renderUi(
      <Composer
        conversationId={first}
        title="Priya Nair"
        draft={null}
        clearedDraft="A long thought"
        sendWith="enter"
      />,
    );
    await userEvent.type(field(), 'x');
    expect(screen.queryByRole('button', { name: 'Restore last draft' })).toBeNull();
    await userEvent.keyboard('{Backspace}');
    await userEvent.click(screen.getByRole('button', { name: 'Restore last draft' }));
    await waitFor(() => expect(field().value).toBe('A long thought'));
    expect(document.activeElement).toBe(field());
  });

  it('replies with a banner that is announced; Esc takes the reply back, then asks for the latest', async () => {
    renderUi(composer());
    await userEvent.click(field());
    act(() => replyTo(first, message(7, Date.now(), { text: 'Which door?' })));
    expect(screen.getByText('Replying to Priya Nair')).toBeTruthy();
    expect(announcements.get().polite).toContain('Replying to Priya Nair');
    await userEvent.type(field(), 'Door 4{Enter}');
    expect(fake.requests('message.send')[0]).toMatchObject({ text: 'Door 4', replyTo: message(7, 0).id });
    act(() => replyTo(first, message(8, Date.now())));
    const before = latestRequests.get();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByText('Replying to Priya Nair')).toBeNull();
    expect(latestRequests.get()).toBe(before);
    await userEvent.keyboard('{Escape}');
    expect(latestRequests.get()).toBe(before + 1);
  });

  it('edits the last own message with ↑ and brings the draft back afterwards', async () => {
    const own = message(9, Date.now(), { isOwn: true, text: 'Door 5' });
    provideLookup(first, { lastOwn: () => own, find: () => own });
    renderUi(composer());
    await userEvent.click(field());
    await userEvent.keyboard('{ArrowUp}');
    expect(field().value).toBe('Door 5');
    await userEvent.clear(field());
    await userEvent.type(field(), 'Door 4{Enter}');
    expect(fake.requests('message.edit')).toEqual([
      { conversationId: first, messageId: own.id, text: 'Door 4' },
    ]);
    expect(field().value).toBe('');
    await userEvent.type(field(), 'unsent');
    act(() => editMessage(first, own));
    expect(field().value).toBe('Door 5');
    await userEvent.keyboard('{Escape}');
    expect(field().value).toBe('unsent');
    expect(drafts().every((saved) => saved.draft?.text !== 'Door 5')).toBe(true);
  });

  it('tells that typing began and ended, never for an edit', async () => {
    renderUi(composer());
    await userEvent.type(field(), 'a');
    await userEvent.type(field(), '{Backspace}');
    expect(fake.requests('typing.report').map((report) => report.isTyping)).toEqual([true, false]);
    act(() => editMessage(first, message(9, 0, { isOwn: true, text: 'Door' })));
    await userEvent.type(field(), 's');
    expect(fake.requests('typing.report').length).toBe(2);
  });

  it('does not send while an input method composes', () => {
    renderUi(composer());
    fireEvent.change(field(), { target: { value: '日本' } });
    fireEvent.keyDown(field(), { key: 'Enter', isComposing: true });
    expect(fake.requests('message.send')).toEqual([]);
  });
});
