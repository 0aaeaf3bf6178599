/** The fold of events: what each one means, and that no order of repeats can change it. */
import { ACKNOWLEDGEMENT } from './message.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { must } from '../lib/result.ts';
import type { Envelope, EventType } from './event.ts';
import { emptyLogState, reduceLog, type LogState } from './reduce.ts';

const log = '0190a5b0-0000-7000-8000-000000000001';
const ada = '0190a5b0-0000-7000-8000-0000000000a1';
const bob = '0190a5b0-0000-7000-8000-0000000000b2';
const id = (n: number): string => `0190a5b0-0000-7000-8000-${String(n).padStart(12, '0')}`;

function event(seq: number, type: EventType | 'future:type', payload: unknown, actorId = ada): Envelope {
  const at = 1_000 + seq;
  const chain = seq.toString(16).padStart(16, '0');
  return {
    logId: log,
    seq,
    chain,
    type,
    actorId,
    opId: id(seq),
    opHash: 'a'.repeat(64),
    at,
    payload,
    memberVersion: 1,
  };
}

const created = event(1, 'conversation:updated', {
  created: true,
  orgId: id(99),
  kind: 'direct',
  protection: 'server',
  title: null,
  members: [
    { userId: ada, role: 'member' },
    { userId: bob, role: 'member' },
  ],
});
const said = event(2, 'message:new', { messageId: id(2), text: 'one', replyTo: null, composedAt: 5 });
const edited = event(3, 'message:edited', { messageId: id(2), text: 'two', overwrote: false });
const liked = event(4, 'reaction:set', { messageId: id(2), emoji: '👍', on: true }, bob);
const unliked = event(5, 'reaction:set', { messageId: id(2), emoji: '👍', on: false }, bob);
const deleted = event(6, 'message:deleted', { messageId: id(2) });
const lateEdit = event(7, 'message:edited', { messageId: id(2), text: 'three', overwrote: true });

const fold = (...events: Envelope[]): LogState => events.reduce(reduceLog, emptyLogState);
const messageOf = (state: LogState) => must(state.messages.get(id(2)), 'the message was said');

test('a message is said, edited, liked and unliked', () => {
  expect(messageOf(fold(created, said))).toMatchObject({
    text: 'one',
    createSeq: 2,
    revSeq: 2,
    editedAt: null,
    senderId: ada,
  });
  expect(messageOf(fold(created, said, edited))).toMatchObject({
    text: 'two',
    revSeq: 3,
    editedAt: 1_003,
    createdAt: 1_002,
  });
  expect(messageOf(fold(created, said, edited, liked)).reactions).toEqual([
    { emoji: '👍', userId: bob, seq: 4 },
  ]);
  expect(messageOf(fold(created, said, edited, liked, unliked)).reactions).toEqual([]);
});

test('what happened to the conversation is a row that nothing changes', () => {
  const renamed = event(3, 'conversation:updated', {
    ...(created.payload as object),
    created: false,
    members: undefined,
    title: 'Engine',
    changes: [{ kind: 'title', title: 'Engine' }],
  });
  const joined = event(4, 'member:joined', { userId: bob, role: 'member' });
  const odd = event(5, 'message:edited', { messageId: id(3), text: 'not a message', overwrote: false });
  const state = fold(created, said, renamed, joined, odd);
  expect(state.conversation).toMatchObject({ title: 'Engine' });
  expect(state.conversation).not.toHaveProperty('changes');
  expect(
    [...state.messages.values()].map(({ createSeq, text, notices }) => [createSeq, text, notices]),
  ).toEqual([
    [2, 'one', undefined],
    [3, null, [{ kind: 'title', title: 'Engine' }]],
    [4, null, [{ kind: 'joined', userId: bob }]],
  ]);
});

test('an item changes its state, is gone, and its conversation is closed and opened', () => {
  const link = { type: 'ticket', id: 'FM-1', url: 'https://tickets.example.org/1', status: 'new' };
  const settings = {
    ...(created.payload as object),
    kind: 'linked',
    link,
    members: undefined,
    created: false,
  };
  const change = (seq: number, part: object, changes: object[] = []) =>
    event(seq, 'conversation:updated', { ...settings, ...part, changes });
  const solved = { ...link, status: 'solved' };
  const closed = change(2, { link: solved, isClosed: true }, [
    { kind: 'closed', isClosed: true },
    { kind: 'status', status: 'solved' },
  ]);
  const gone = change(3, { link: { ...solved, isRemoved: true }, isClosed: true });
  const opened = change(4, { link: solved }, [{ kind: 'closed', isClosed: false }]);
  const first = event(1, 'conversation:updated', { ...(created.payload as object), kind: 'linked', link });
  expect(fold(first, closed).conversation).toMatchObject({ link: solved, isClosed: true, revSeq: 2 });
  expect(fold(first, closed, gone).conversation?.link).toEqual({ ...solved, isRemoved: true });
  expect(fold(first, closed, gone, opened).conversation).toMatchObject({ link: solved, isClosed: false });
});

test('an announcement asks to be acknowledged until it is deleted, also after an edit', () => {
  const asks = event(2, 'message:new', { ...(said.payload as object), extras: { requiresAck: true } });
  const given = event(3, 'reaction:set', { messageId: id(2), emoji: ACKNOWLEDGEMENT, on: true });
  const better = event(4, 'message:edited', { messageId: id(2), text: 'two', overwrote: false });
  const asked = messageOf(fold(created, asks, given, better));
  expect(asked.extras).toEqual({ requiresAck: true });
  expect(asked.reactions.map(({ emoji }) => emoji)).toEqual([ACKNOWLEDGEMENT]);
  const over = event(5, 'message:deleted', { messageId: id(2), threadRootId: null });
  expect(messageOf(fold(created, asks, given, better, over))).toMatchObject({ extras: {}, reactions: [] });
});

test('who comes and goes in an announcement channel leaves no row', () => {
  const channel = event(1, 'conversation:updated', { ...(created.payload as object), kind: 'announcement' });
  const left = event(3, 'member:left', { userId: bob });
  expect([...fold(channel, said, left).messages.keys()]).toEqual([id(2)]);
});

test('a delete wins over edits and reactions before and after it', () => {
  const state = fold(created, said, edited, liked, unliked, deleted, lateEdit);
  expect(messageOf(state)).toMatchObject({
    text: null,
    deletedAt: 1_006,
    editedAt: null,
    reactions: [],
    revSeq: 7,
  });
  expect(state).toMatchObject({ seq: 7, chain: lateEdit.chain });
});

test('a log whose payloads were scrubbed folds to the same row as one that was read live', () => {
  const scrubbed = [said, edited, liked, unliked].map((it) => ({ ...it, payload: null }));
  const live = messageOf(fold(created, said, edited, liked, unliked, deleted));
  expect(messageOf(fold(created, ...scrubbed, deleted))).toEqual(live);
});

test('an edit or reaction of a message that is not held changes nothing', () => {
  expect(fold(created, edited, liked).messages.size).toBe(0);
});

test('members join, change and leave', () => {
  const joined = event(2, 'member:joined', { userId: id(7), role: 'member' });
  const promoted = event(3, 'member:role', { userId: id(7), role: 'moderator' });
  const left = event(4, 'member:left', { userId: id(7) });
  const { conversation } = fold(created, joined, promoted, left);
  expect(conversation?.members).toEqual([
    { userId: ada, role: 'member', joinedSeq: 1, leftSeq: null },
    { userId: bob, role: 'member', joinedSeq: 1, leftSeq: null },
    { userId: id(7), role: 'moderator', joinedSeq: 2, leftSeq: 4 },
  ]);
});

test('entries keep the last value of each key, removals included', () => {
  const set = (seq: number, value: unknown) => event(seq, 'account:updated', { key: `pin:${log}`, value });
  const state = fold(set(1, { rank: 1 }), set(2, { rank: 2 }), set(3, null));
  expect([...state.entries.values()]).toEqual([{ key: `pin:${log}`, value: null, revSeq: 3 }]);
});

test('an event of a later version advances the position and changes no row', () => {
  const state = fold(created, said, event(3, 'future:type', { anything: 1 }));
  expect(state.seq).toBe(3);
  expect(messageOf(state)).toEqual(messageOf(fold(created, said)));
});

test('a message row ends the same however often and in whatever order later events are repeated', () => {
  const events = [edited, liked, unliked, deleted, lateEdit];
  const inOrder = messageOf(fold(created, said, ...events));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 12 }), (repeats) => {
      // Whatever came before, once the newest events arrive in order the row is the same.
      expect(messageOf(fold(created, said, ...events, ...repeats))).toEqual(inOrder);
    }),
  );
});
