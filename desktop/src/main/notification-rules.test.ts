import { describe, expect, it } from 'vitest';
import type { NotificationFact } from '../ipc/notifications.ts';
import type { NotificationScene } from './notification-rules.ts';
import { SUMMARY_KEY, planNotifications } from './notification-rules.ts';

const scene: NotificationScene = {
  preview: 'full',
  isLocked: false,
  isFocused: false,
  pending: new Map(),
  recent: new Set(),
};

function fact(conversation: number, message = 1, text = 'Is it working?'): NotificationFact {
  return {
    accountId: 'account',
    conversationId: `conversation-${conversation}`,
    messageId: `message-${conversation}-${message}`,
    threadRootId: null,
    replyId: `reply-${conversation}-${message}`,
    senderName: null,
    isPrivate: false,
    count: 1,
    title: `Person ${conversation}`,
    text,
  };
}

describe('planNotifications', () => {
  it('shows name and text, and leads to the message', () => {
    expect(planNotifications([fact(1)], scene).show).toEqual([
      {
        key: 'account conversation-1',
        title: 'Person 1',
        body: 'Is it working?',
        fact: fact(1),
      },
    ]);
  });

  it('says nothing while a window is focused, unless the screen is locked', () => {
    const focused = { ...scene, isFocused: true };
    expect(planNotifications([fact(1)], focused)).toMatchObject({ show: [], pending: new Map() });
    expect(planNotifications([fact(1)], { ...focused, isLocked: true }).show).toHaveLength(1);
  });

  it('shows one notification per conversation: the newest text with the number of the others', () => {
    const first = planNotifications([fact(1, 1, 'one'), fact(1, 2, 'two')], scene);
    expect(first.show).toMatchObject([{ body: 'two\nand 1 more message' }]);
    const second = planNotifications([fact(1, 3, 'three'), fact(1, 4, 'four')], {
      ...scene,
      pending: first.pending,
    });
    expect(second.show).toMatchObject([
      {
        key: 'account conversation-1',
        body: 'four\nand 3 more messages',
        fact: { messageId: 'message-1-4' },
      },
    ]);
  });

  it('shows the name only where that is chosen', () => {
    const show = planNotifications([fact(1)], { ...scene, preview: 'name' }).show;
    expect(show).toMatchObject([{ title: 'Person 1', body: 'New message' }]);
    const more = planNotifications([fact(1), fact(1, 2)], { ...scene, preview: 'name' }).show;
    expect(more).toMatchObject([{ title: 'Person 1', body: '2 new messages' }]);
  });

  it('shows neither name nor text where that is chosen', () => {
    const show = planNotifications([fact(1)], { ...scene, preview: 'none' }).show;
    expect(show).toMatchObject([{ title: 'Curlew', body: 'You have new messages' }]);
  });

  it('shows at most the name on a locked screen', () => {
    const locked = { ...scene, isLocked: true };
    expect(planNotifications([fact(1)], locked).show).toMatchObject([
      { title: 'Person 1', body: 'New message' },
    ]);
    expect(planNotifications([fact(1)], { ...locked, preview: 'none' }).show).toMatchObject([
      { title: 'Curlew' },
    ]);
  });

  it('joins more than four conversations at once into one summary', () => {
    const plan = planNotifications(
      [1, 2, 3, 4, 5].flatMap((n) => [fact(n), fact(n, 2)]),
      scene,
    );
    expect(plan.show).toEqual([
      { key: SUMMARY_KEY, title: 'Curlew', body: '10 new messages in 5 conversations', fact: null },
    ]);
  });

  it('counts conversations of the last seconds towards the summary', () => {
    const first = planNotifications(
      [1, 2, 3, 4].map((n) => fact(n)),
      scene,
    );
    expect(first.show).toHaveLength(4);
    const second = planNotifications([fact(5)], { ...scene, pending: first.pending, recent: first.recent });
    expect(second.show).toMatchObject([{ key: SUMMARY_KEY, body: '5 new messages in 5 conversations' }]);
  });

  it('says who wrote where the title does not, and no text of a private conversation', () => {
    const group = { ...fact(1), title: 'Shift leads', senderName: 'Leila' };
    expect(planNotifications([group], scene).show).toMatchObject([
      { title: 'Shift leads', body: 'Leila: Is it working?' },
    ]);
    expect(planNotifications([{ ...group, isPrivate: true }], scene).show).toMatchObject([
      { title: 'Shift leads', body: 'New private message' },
    ]);
  });

  it('counts every message a fact stands for', () => {
    const show = planNotifications([{ ...fact(1), count: 12 }], scene).show;
    expect(show).toMatchObject([{ body: 'Is it working?\nand 11 more messages' }]);
  });

  it('reports what became of each fact', () => {
    const outcomes = (facts: readonly NotificationFact[], at: NotificationScene) =>
      planNotifications(facts, at).reports.map(({ outcome }) => outcome);
    expect(outcomes([fact(1, 1), fact(1, 2), fact(2)], scene)).toEqual(['counted', 'shown', 'shown']);
    expect(outcomes([fact(1)], { ...scene, isFocused: true })).toEqual(['focused']);
    expect(
      outcomes(
        [1, 2, 3, 4, 5].map((n) => fact(n)),
        scene,
      ),
    ).toEqual(Array.from({ length: 5 }, () => 'counted'));
  });
});
