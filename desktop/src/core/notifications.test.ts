/** When it is decided what notifies, for which messages, and when a notification is no longer needed. */
import { describe, expect, it } from 'vitest';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { FromCore } from '../ipc/core-port.ts';
import { defaultNotificationSettings, type NotificationFact } from '../ipc/notifications.ts';
import type { AccountQueries, NewMessage } from './account-queries.ts';
import { Notifications } from './notifications.ts';
import { MAX_AGE_MS } from './notification-rule.ts';
import type { LogRow } from './store/store-types.ts';

const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const ME = id(901);
const BEN = id(902);
const LOG = id(801);
const OTHER = id(802);
const NOW_MS = 1_800_000_000_000;

interface MessageParts {
  readonly actorId?: string;
  readonly at?: number;
  readonly logId?: string;
  readonly payload?: object;
}

function message(
  seq: number,
  { actorId = BEN, at = NOW_MS, logId = LOG, payload }: MessageParts = {},
): Envelope {
  const opId = id(seq);
  const fixed = { chain: '0'.repeat(16), opHash: '0'.repeat(64), memberVersion: 1 };
  const content = { messageId: opId, text: `text ${seq}`, replyTo: null, composedAt: at, ...payload };
  return { logId, seq, type: 'message:new', actorId, opId, at, payload: content, ...fixed };
}

function deletion(seq: number, messageId: string): Envelope {
  return { ...message(seq), type: 'message:deleted', payload: { messageId } };
}

function notifications() {
  const said: FromCore[] = [];
  const log: Record<string, string> = {};
  const at = {
    isLive: true,
    isFirstSync: false,
    isWatched: false,
    readSeq: 0,
    threadReadSeq: 0,
    level: null as 'mentions' | null,
    title: null as string | null,
    window: [] as readonly NewMessage[],
  };
  const queries: AccountQueries = {
    personName: () => 'Ben',
    message: (messageId) =>
      messageId === id(1) ? { createSeq: 1, revSeq: 1, senderId: ME, isDeleted: false } : undefined,
    directWith: () => undefined,
    orgsOf: () => [],
    orgEntries: () => ({ all: () => new Map() }),
    conversationTitle: () => at.title,
    conversationName: () => null,
    messageTtlMs: () => null,
    mute: () => null,
    notifyLevel: () => at.level,
    doNotDisturb: () => null,
    conversationFacts: () => ({ kind: 'group', isPrivate: false }),
    namesMe: (_, mentions) => mentions.includes(ME),
    newestMessages: (logId, afterSeq) => at.window.filter((it) => it.logId === logId && it.seq > afterSeq),
    isComposed: () => false,
    threadReadSeq: () => at.threadReadSeq,
    followsThread: (_, rootId) => rootId === id(1),
    preferences: () => ({}),
    unreadFrom: () => null,
    receiptsOf: () => [],
    receiptCount: () => undefined,
  };
  const row = (): LogRow => ({ id: LOG, kind: 'conversation', tail: 9, readSeq: at.readSeq }) as LogRow;
  const subject = new Notifications({
    accountId: ME,
    userId: ME,
    queries,
    reader: {
      log: row,
      logs: () => [row()],
      logsBehind: () => [],
      newestOwnSeq: () => null,
      holds: () => true,
      members: () => 2,
    },
    decisions: {
      note: (entries) => {
        for (const { messageId, outcome } of entries) log[messageId] = outcome;
      },
      of: (messageId) =>
        messageId in log ? { outcome: 'handed' as const, untilMs: null, atMs: NOW_MS } : undefined,
    },
    settings: () => defaultNotificationSettings,
    serverNowMs: () => NOW_MS,
    nowMs: () => NOW_MS,
    ownReadSeq: () => 0,
    isWatched: () => at.isWatched,
    isLive: () => at.isLive,
    isFirstSync: () => at.isFirstSync,
    newId: () => id(700),
    post: (it) => said.push(it),
  });
  const facts = (): readonly NotificationFact[] =>
    said.flatMap((it) => (it.type === 'notify' ? it.facts : []));
  const texts = (): readonly string[] => facts().map((fact) => `${fact.title}: ${fact.text} (${fact.count})`);
  const posts = (): number => said.filter(({ type }) => type === 'notify').length;
  return { subject, at, said, log, facts, texts, posts };
}

describe('a notification', () => {
  it('comes for each message that arrives live', () => {
    const { subject, texts } = notifications();
    subject.committed(LOG, [message(2), message(3)], 'push');
    expect(texts()).toEqual(['Ben: text 2 (1)', 'Ben: text 3 (1)']);
  });

  it('comes once for what one answer brought, for the newest message', () => {
    const { subject, texts, log } = notifications();
    subject.committed(LOG, [message(2), message(3), message(4)], 'pull');
    expect(texts()).toEqual(['Ben: text 4 (3)']);
    expect(log).toEqual({ [id(2)]: 'counted', [id(3)]: 'counted', [id(4)]: 'handed' });
  });

  it('waits until the connection has caught up, then tells once of each conversation, all at once', () => {
    const { subject, at, texts, posts } = notifications();
    at.isLive = false;
    subject.committed(LOG, [message(2, { at: NOW_MS - 2 * MAX_AGE_MS })], 'pull');
    subject.committed(OTHER, [message(3, { logId: OTHER })], 'push');
    subject.committed(LOG, [message(4)], 'push');
    expect(posts()).toBe(0);
    at.isLive = true;
    subject.resynced();
    expect(texts()).toEqual(['Ben: text 4 (2)', 'Ben: text 3 (1)']);
    expect(posts()).toBe(1);
    subject.resynced();
    expect(posts()).toBe(1);
  });

  it('comes for the newest of a window, which tells no events, and not again for what it told', () => {
    const { subject, at, texts } = notifications();
    const part = { logId: LOG, at: NOW_MS, replyTo: null, threadRootId: null, mentions: [], isUrgent: false };
    const row = (seq: number, senderId: string) => ({
      ...part,
      seq,
      senderId,
      messageId: id(seq),
      text: `text ${seq}`,
    });
    at.window = [row(2, BEN), row(3, ME), row(4, BEN)];
    subject.committed(LOG, [], 'window');
    expect(texts()).toEqual(['Ben: text 4 (2)']);
    subject.committed(LOG, [], 'window');
    expect(texts()).toHaveLength(1);
  });

  it('does not come for what was read elsewhere while the connection caught up', () => {
    const { subject, at, posts, log } = notifications();
    at.isLive = false;
    subject.committed(LOG, [message(2), message(3)], 'pull');
    at.readSeq = 3;
    at.isLive = true;
    subject.resynced();
    expect(posts()).toBe(0);
    expect(log).toEqual({ [id(2)]: 'read', [id(3)]: 'read' });
  });

  it('does not come for the first synchronisation of a device, nor for own or late messages', () => {
    const { subject, at, posts, log } = notifications();
    Object.assign(at, { isLive: false, isFirstSync: true });
    subject.committed(LOG, [message(2)], 'pull');
    Object.assign(at, { isLive: true, isFirstSync: false });
    subject.resynced();
    subject.committed(LOG, [message(3, { actorId: ME })], 'push');
    subject.committed(LOG, [message(4, { at: NOW_MS - MAX_AGE_MS - 1 })], 'push');
    at.isWatched = true;
    subject.committed(LOG, [message(5)], 'push');
    expect(posts()).toBe(0);
    expect(log).toEqual({ [id(2)]: 'firstSync', [id(4)]: 'old', [id(5)]: 'watched' });
  });

  it('comes at the level of mentions for a mention, an answer to me, and a thread', () => {
    const { subject, at, facts, log } = notifications();
    at.level = 'mentions';
    const commit = (seq: number, payload: object) =>
      subject.committed(LOG, [message(seq, { payload })], 'push');
    commit(2, {});
    commit(3, { mentions: [ME] });
    commit(4, { replyTo: id(1) });
    commit(5, { threadRootId: id(1) });
    commit(6, { threadRootId: id(9) });
    commit(7, { threadRootId: id(9), mentions: [ME] });
    expect(facts().map(({ messageId, threadRootId }) => [messageId, threadRootId])).toEqual([
      [id(3), null],
      [id(4), null],
      [id(5), id(1)],
      [id(7), id(9)],
    ]);
    expect([log[id(2)], log[id(6)]]).toEqual(['level', 'thread']);
  });

  it('says what is written, without the marks around it', () => {
    const { subject, facts } = notifications();
    subject.committed(LOG, [message(2, { payload: { text: '**Stop** the `pump`\n- now' } })], 'push');
    expect(facts()[0]?.text).toBe('Stop the pump now');
  });

  it('says who wrote where the conversation has a title', () => {
    const { subject, at, facts } = notifications();
    at.title = 'Shift leads';
    subject.committed(LOG, [message(2)], 'push');
    expect(facts()).toMatchObject([{ title: 'Shift leads', senderName: 'Ben', replyId: id(700) }]);
  });

  it('is obsolete once its message is read, wherever, and that is said once', () => {
    const { subject, at, said } = notifications();
    subject.committed(LOG, [message(5)], 'push');
    at.readSeq = 4;
    subject.readMoved(LOG);
    expect(said).toHaveLength(1);
    at.readSeq = 5;
    subject.readMoved(LOG);
    subject.readMoved(LOG);
    expect(said.slice(1)).toEqual([{ type: 'notificationsObsolete', conversationId: LOG }]);
  });

  it('of a reply is obsolete once its thread is read, not the conversation', () => {
    const { subject, at, said } = notifications();
    subject.committed(LOG, [message(5, { payload: { threadRootId: id(1) } })], 'push');
    at.readSeq = 9;
    subject.readMoved(LOG);
    expect(said).toHaveLength(1);
    at.threadReadSeq = 5;
    subject.readMoved(LOG);
    expect(said.slice(1)).toEqual([{ type: 'notificationsObsolete', conversationId: LOG }]);
  });

  it('goes when its author takes the message back', () => {
    const { subject, said } = notifications();
    subject.committed(LOG, [message(5)], 'push');
    subject.committed(LOG, [deletion(6, id(4))], 'push');
    expect(said).toHaveLength(1);
    subject.committed(LOG, [deletion(7, id(5))], 'push');
    expect(said.slice(1)).toEqual([{ type: 'notificationsObsolete', conversationId: LOG }]);
  });

  it('is kept in the log with what became of it', () => {
    const { subject, log } = notifications();
    subject.committed(LOG, [message(2)], 'push');
    subject.reported([{ messageId: id(2), outcome: 'focused' }]);
    expect(log).toEqual({ [id(2)]: 'focused' });
  });
});
