/** Threads in the whole workspace: from a message into its thread and back, by keyboard. */
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workspace } from './workspace.tsx';
import type { MessageRow, TimelineRow } from '../../ipc/message-rows.ts';
import { navigation, openConversation, showThread } from '../lib/navigation.ts';
import { FakeBridge, type ViewSource } from '../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import { fakeId, message, worldSource, type World } from '../preview/world.ts';
import { resetDrafts } from '../features/composer/draft-keeper.ts';

const id = fakeId(2, 1);
const rootId = fakeId(3, 2);
let world: World;
let fake: FakeBridge;
let replies: MessageRow[];

/** The world with the answers of one thread. */
function withReplies(source: ViewSource): ViewSource {
  return (name, params) => {
    const state = source(name, params);
    if (name !== 'thread' || (params as { rootId: string }).rootId !== rootId) return state;
    const rows = { ...state.rows, ...Object.fromEntries(replies.map((row) => [row.id, row])) };
    return { ...state, order: [...state.order, ...replies.map((row) => row.id)], rows };
  };
}

beforeEach(() => {
  resetDrafts();
  ({ world } = installWorld());
  fake = new FakeBridge(withReplies(worldSource(world)));
  window.curlew = fake;
  // jsdom lays nothing out: give the view and every row a height, so that the virtual list draws them.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 4000 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 800 });
  Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { configurable: true, get: () => 50 });
  replies = [
    message(60, Date.now() - 60_000, { text: 'The sensor is old', seq: null }),
    message(61, Date.now(), { text: 'A new one waits', isOwn: true, seq: null, state: 'queued' }),
  ];
  world.messages[id] = (world.messages[id] ?? []).map((row): TimelineRow =>
    row.kind === 'message' && row.id === rootId
      ? { ...row, thread: { replies: 2, unread: 0, lastAtMs: new Date().setHours(11, 5, 0, 0) } }
      : row,
  );
});
afterEach(cleanup);

async function show(): Promise<void> {
  const { session } = world;
  if (session.state !== 'active') throw new Error('somebody is signed in');
  openConversation(id);
  renderUi(<Workspace session={session} />);
  await screen.findAllByRole('article');
}
const timeline = () => within(screen.getByRole('log', { name: 'Messages' }));
const thread = () => within(screen.getByRole('complementary', { name: 'Thread' }));
const rootInTimeline = () => timeline().getByRole('article', { name: /^Priya Nair: B2 tripped/ });
const field = () => thread().getByRole<HTMLTextAreaElement>('textbox', { name: 'Reply in the thread' });

async function openByKey(): Promise<void> {
  await show();
  act(() => rootInTimeline().focus());
  await userEvent.keyboard('t');
  await waitFor(() => expect(document.activeElement).toBe(field()));
}

describe('a thread', () => {
  it('is announced under its message and opens with T, with focus where one answers', async () => {
    await openByKey();
    expect(rootInTimeline().getAttribute('aria-label')).toMatch(/2 replies$/);
    expect(timeline().getByRole('button', { name: /^2 replies · last 11:05$/ })).toBeTruthy();
    expect(
      thread()
        .getAllByRole('article')
        .map((each) => /: (.{8})/u.exec(each.getAttribute('aria-label') ?? '')?.[1]),
    ).toEqual(['B2 tripp', 'The sens', 'A new on']);
    expect(thread().getByRole('img', { name: 'Waiting to send' })).toBeTruthy();
    expect(thread().queryByRole('button', { name: /replies/ })).toBeNull();
  });

  it('sends into itself, not into the conversation, and saves no draft of the conversation', async () => {
    await openByKey();
    await userEvent.keyboard('On its{Shift>}{Enter}{/Shift}way{Enter}');
    expect(field().value).toBe('');
    expect(fake.requests('message.send')).toEqual([
      { conversationId: id, text: 'On its\nway', replyTo: null, threadRootId: rootId },
    ]);
    expect(fake.requests('draft.save').every((saved) => saved.threadRootId === rootId)).toBe(true);
    expect(fake.requests('typing.report')).toEqual([]);
  });

  it('goes away with Esc, back to its message, and keeps what was being written', async () => {
    await openByKey();
    await userEvent.keyboard('Half an ans{Escape}');
    expect(screen.queryByRole('complementary', { name: 'Thread' })).toBeNull();
    expect(document.activeElement).toBe(rootInTimeline());
    expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: /^Message/ }).value).toBe('');
    await userEvent.keyboard('t');
    await waitFor(() => expect(field().value).toBe('Half an ans'));
  });

  it('moves, answers and edits in its own field', async () => {
    await openByKey();
    act(() =>
      thread()
        .getByRole('article', { name: /A new one waits/ })
        .focus(),
    );
    await userEvent.keyboard('{ArrowUp}');
    await waitFor(() =>
      expect(document.activeElement).toBe(thread().getByRole('article', { name: /The sensor is old/ })),
    );
    await userEvent.keyboard('r');
    expect(thread().getByText('Replying to Priya Nair')).toBeTruthy();
    expect(document.activeElement).toBe(field());
    await userEvent.keyboard('{Escape}');
    expect(thread().queryByText('Replying to Priya Nair')).toBeNull();
    await userEvent.keyboard('{ArrowUp}');
    expect(field().value).toBe('A new one waits');
    // A thread begins in the conversation alone.
    act(() =>
      thread()
        .getByRole('article', { name: /The sensor is old/ })
        .focus(),
    );
    await userEvent.keyboard('t');
    expect(navigation.get().threadRootId).toBe(rootId);
  });

  it('says what is new in it, under its message and in the header, which leads there', async () => {
    world.messages[id] = (world.messages[id] ?? []).map((row): TimelineRow =>
      row.kind === 'message' && row.thread ? { ...row, thread: { ...row.thread, unread: 1 } } : row,
    );
    world.metas[id] = { unreadThreads: [{ rootId, unread: 1, mentions: 0, excerpt: 'B2 tripped' }] };
    await show();
    expect(rootInTimeline().getAttribute('aria-label')).toMatch(/2 replies, 1 new$/);
    const lead = screen.getByRole('button', { name: '1 new reply in threads. Open the thread' });
    act(() => lead.focus());
    await userEvent.keyboard('{Enter}');
    expect(await thread().findByRole('article', { name: /The sensor is old/ })).toBeTruthy();
  });

  it('opens at a reply that was found, with focus on it', async () => {
    await show();
    const wanted = replies[0]?.id ?? '';
    act(() => showThread(rootId, wanted));
    const reply = await thread().findByRole('article', { name: /The sensor is old/ });
    await waitFor(() => expect(document.activeElement).toBe(reply));
    expect(reply.className).toContain('lit');
  });

  it('opens from the menu of a message without one, and gives way to the details', async () => {
    await show();
    act(() =>
      timeline()
        .getByRole('article', { name: /Morning/ })
        .focus(),
    );
    await userEvent.keyboard('{Enter}');
    await userEvent.click(await screen.findByRole('menuitem', { name: /^Reply in thread/ }));
    expect(await thread().findByText('No replies yet')).toBeTruthy();
    await userEvent.click(thread().getByRole('button', { name: 'Back to details' }));
    expect(await screen.findByRole('complementary', { name: 'Details' })).toBeTruthy();
  });
});
