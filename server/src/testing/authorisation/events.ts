/** The row of every client event and of every kind of op. One without a row does not compile. */
import { randomUUID } from 'node:crypto';
import type { OpKind } from '@curlew/shared/protocol/ops.ts';
import type { ClientEventName } from '@curlew/shared/protocol/socket.ts';
import {
  authorOnly,
  conversationRefused,
  conversationWrite,
  orgManagers,
  orgMembers,
  ownOnly,
  signedIn,
  type Expectation,
} from './expectations.ts';
import type { Target } from './world.ts';

/** One row of the matrix. `ask` gets the fence of the asking socket. */
export interface EventRow {
  readonly expect: Expectation;
  readonly ask: (target: Target, fence: number) => object;
}

/** One row for a kind of op; `ask` answers the op without id, version and kind. */
export interface OpRow {
  readonly expect: Expectation;
  readonly ask: (target: Target) => { readonly logId: string } & Record<string, unknown>;
}

const inConversation = ({ conversationId: logId }: Target): { logId: string } => ({ logId });
const onMessage = (target: Target): { logId: string; messageId: string } => ({
  ...inConversation(target),
  messageId: target.messageId,
});
const onPerson = (target: Target): { logId: string; userId: string } => ({
  ...inConversation(target),
  userId: target.colleagueId,
});
const text = { text: 'from the matrix', replyTo: null, composedAt: 1 };
const withId = (fields: object): object => ({ opId: randomUUID(), ...fields });

/** Rows of the ops, sent by `ops:submit`. */
export const opRows: Readonly<Record<OpKind, OpRow>> = {
  'conversation.create': {
    expect: orgMembers,
    ask: ({ orgId, colleagueId }) => ({
      logId: randomUUID(),
      orgId,
      conversationKind: 'direct',
      protection: 'server',
      peerId: colleagueId,
    }),
  },
  // The matrix's conversations are of two people: pinning is theirs, members are fixed.
  'conversation.update': {
    expect: conversationWrite,
    ask: (target) => ({ ...inConversation(target), pin: { messageId: target.messageId, on: true } }),
  },
  'member.add': { expect: conversationRefused, ask: (target) => ({ ...onPerson(target), role: 'member' }) },
  'member.remove': { expect: conversationRefused, ask: onPerson },
  'member.role': { expect: conversationRefused, ask: (target) => ({ ...onPerson(target), role: 'owner' }) },
  'message.send': { expect: conversationWrite, ask: (target) => ({ ...inConversation(target), ...text }) },
  'message.edit': {
    expect: authorOnly,
    ask: (target) => ({ ...onMessage(target), text: 'edited', baseRevSeq: 0 }),
  },
  'message.delete': { expect: authorOnly, ask: onMessage },
  'reaction.set': {
    expect: conversationWrite,
    ask: (target) => ({ ...onMessage(target), emoji: '👍', on: true }),
  },
  'read.set': { expect: conversationWrite, ask: (target) => ({ ...inConversation(target), seq: 1 }) },
  'delivered.set': { expect: conversationWrite, ask: (target) => ({ ...inConversation(target), seq: 1 }) },
  'account.set': {
    expect: ownOnly,
    ask: ({ ownerId, conversationId }) => ({
      logId: ownerId,
      key: `pin:${conversationId}`,
      value: { rank: 1 },
    }),
  },
  'org.set': {
    expect: orgManagers,
    ask: ({ orgId }) => ({ logId: orgId, key: `org:${orgId}`, value: { name: 'Renamed' } }),
  },
};

/** Rows of the events. Their order is the order they are asked in: the message is deleted last. */
export const eventRows: Readonly<Record<ClientEventName, EventRow>> = {
  hello: { expect: signedIn('OK'), ask: () => ({}) },
  'auth:refresh': { expect: signedIn('AUTH_REQUIRED'), ask: () => ({ token: 'not one of ours' }) },
  'sync:heads': { expect: signedIn('OK'), ask: () => ({}) },
  'ops:submit': {
    expect: conversationWrite,
    ask: ({ conversationId }, fence) => ({
      fence,
      lane: conversationId,
      ops: [withId({ v: 1, kind: 'message.send', logId: conversationId, ...text })],
    }),
  },
  'message:send': {
    expect: conversationWrite,
    ask: (target) => withId({ ...inConversation(target), ...text }),
  },
  'message:edit': {
    expect: authorOnly,
    ask: (target) => withId({ ...onMessage(target), text: 'edited', baseRevSeq: 0 }),
  },
  'message:react': {
    expect: conversationWrite,
    ask: (target) => withId({ ...onMessage(target), emoji: '🎉', on: true }),
  },
  'message:read': {
    expect: conversationWrite,
    ask: (target) => withId({ ...inConversation(target), seq: 1 }),
  },
  'conversation:join': { expect: conversationWrite, ask: ({ conversationId }) => ({ conversationId }) },
  // Leaving what one never joined changes nothing and says nothing.
  'conversation:leave': { expect: signedIn('OK'), ask: ({ conversationId }) => ({ conversationId }) },
  // Who may not be watched is left out of the snapshot; the leak check looks into it.
  'presence:watch': { expect: signedIn('OK'), ask: ({ ownerId }) => ({ userIds: [ownerId] }) },
  'typing:start': { expect: conversationWrite, ask: ({ conversationId }) => ({ conversationId }) },
  'typing:stop': { expect: conversationWrite, ask: ({ conversationId }) => ({ conversationId }) },
  'message:delete': { expect: authorOnly, ask: (target) => withId(onMessage(target)) },
};
