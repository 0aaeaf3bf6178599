/** The row of every route: what is asked, and what each role must be answered. A route without a row does not compile. */
import { randomUUID } from 'node:crypto';
import type { RouteName } from '@curlew/shared/protocol/http.ts';
import type { Call } from '../http-client.ts';
import { GOOD_PASSWORD, newDevice } from '../people.ts';
import {
  authorOnly,
  conversationRead,
  conversationRefused,
  conversationWrite,
  everybody,
  orgManagers,
  orgMembers,
  ownOnly,
  signedIn,
  type Expectation,
} from './expectations.ts';
import type { Role, Target } from './world.ts';

/** One row of the matrix. */
export interface RouteRow {
  readonly expect: Expectation;
  /** The request about a target; the token is added. */
  readonly ask: (target: Target, role: Role) => Call;
}

const byConversation = ({ conversationId }: Target): Call => ({ params: { id: conversationId } });
const byOrg = ({ orgId }: Target): Call => ({ params: { id: orgId } });
const onNoBot = ({ orgId }: Target): Call => ({
  params: { id: orgId, botId: randomUUID(), tokenId: randomUUID(), webhookId: randomUUID() },
});
const managersOfNothing: Expectation = { ...orgManagers, admin: 'NOT_FOUND', owner: 'NOT_FOUND' };
const byOp = (): { opId: string } => ({ opId: randomUUID() });
const named = (): object => ({ ...byOp(), name: 'Engines' });
const onColleague = ({ conversationId, colleagueId }: Target): Call => ({
  params: { id: conversationId, userId: colleagueId },
});

/** See the head of this file. */
export const routeRows: Readonly<Record<RouteName, RouteRow>> = {
  // Open routes: knowing a password, a code or a token is what counts, not who asks.
  register: {
    expect: everybody('INVITE_INVALID'),
    ask: () => ({
      body: {
        email: `${randomUUID()}@example.org`,
        password: GOOD_PASSWORD,
        name: 'X',
        ...newDevice(),
        inviteCode: 'AAAA-BBBB-CCCC-DDDD',
      },
    }),
  },
  login: {
    expect: everybody('WRONG_CREDENTIALS'),
    ask: () => ({ body: { email: 'nobody@example.org', password: GOOD_PASSWORD, ...newDevice() } }),
  },
  token: { expect: everybody('AUTH_REQUIRED'), ask: () => ({ body: { refreshToken: 'not one of ours' } }) },
  logout: { expect: everybody('OK'), ask: () => ({ body: { refreshToken: 'not one of ours' } }) },
  discovery: { expect: everybody('OK'), ask: () => ({}) },
  // One's own.
  changePassword: {
    expect: signedIn('WRONG_CREDENTIALS'),
    ask: () => ({ body: { currentPassword: 'not the password', newPassword: 'difference engine no. 2' } }),
  },
  me: { expect: signedIn('OK'), ask: () => ({}) },
  updateMe: { expect: signedIn('OK'), ask: (_target, role) => ({ body: { name: `Renamed ${role}` } }) },
  devices: { expect: signedIn('OK'), ask: () => ({}) },
  revokeDevice: {
    // The owner's own row is asked with an unknown device: revoking the real one would end the owner's session.
    expect: { ...ownOnly, owner: 'NOT_FOUND' },
    ask: ({ ownerDeviceId }, role) => ({ params: { id: role === 'owner' ? randomUUID() : ownerDeviceId } }),
  },
  // Organisations.
  users: { expect: orgMembers, ask: ({ orgId }) => ({ query: { orgId } }) },
  orgs: { expect: signedIn('OK'), ask: () => ({}) },
  updateOrg: { expect: orgManagers, ask: (target) => ({ ...byOrg(target), body: named() }) },
  orgMembers: { expect: orgMembers, ask: byOrg },
  updateOrgMember: {
    expect: orgManagers,
    ask: ({ orgId, colleagueId }) => ({
      params: { id: orgId, userId: colleagueId },
      body: { opId: randomUUID(), role: 'member' },
    }),
  },
  removeOrgMember: {
    // Somebody who is not in it stands in for the managers, or the other rows would find their colleague gone.
    expect: managersOfNothing,
    ask: ({ orgId }) => ({ params: { id: orgId, userId: randomUUID() }, query: byOp() }),
  },
  sites: { expect: orgMembers, ask: byOrg },
  putSite: {
    expect: orgManagers,
    ask: ({ orgId }) => ({ params: { id: orgId, siteId: randomUUID() }, body: named() }),
  },
  deleteSite: {
    expect: orgManagers,
    ask: ({ orgId }) => ({ params: { id: orgId, siteId: randomUUID() }, query: byOp() }),
  },
  units: { expect: orgMembers, ask: byOrg },
  putUnit: {
    // No such site: whoever may is told so, whoever may not learns nothing of it.
    expect: managersOfNothing,
    ask: ({ orgId }) => ({
      params: { id: orgId, unitId: randomUUID() },
      body: { ...named(), siteId: randomUUID() },
    }),
  },
  deleteUnit: {
    expect: orgManagers,
    ask: ({ orgId }) => ({ params: { id: orgId, unitId: randomUUID() }, query: byOp() }),
  },
  // The matrix's owner is the only one who owns anything, beside the stranger with an organisation of their own.
  createOrg: {
    expect: { ...signedIn('FORBIDDEN'), otherOrganisation: 'OK', owner: 'OK' },
    ask: () => ({ body: { id: randomUUID(), name: 'Another' } }),
  },
  audit: { expect: orgManagers, ask: byOrg },
  auditExport: { expect: orgManagers, ask: (target) => ({ ...byOrg(target), query: { format: 'csv' } }) },
  createInvite: { expect: orgManagers, ask: (target) => ({ ...byOrg(target), body: { maxUses: 1 } }) },
  invites: { expect: orgManagers, ask: byOrg },
  revokeInvite: {
    expect: orgManagers,
    ask: ({ orgId, inviteId }) => ({ params: { id: orgId, inviteId } }),
  },
  acceptInvite: {
    expect: signedIn('INVITE_INVALID'),
    ask: () => ({ params: { code: 'AAAA-BBBB-CCCC-DDDD' } }),
  },
  // Bots: their tokens are asked about an id that is no bot, so whoever may is told that there is none.
  createBot: { expect: orgManagers, ask: (target) => ({ ...byOrg(target), body: { name: 'Bot' } }) },
  bots: { expect: orgMembers, ask: byOrg },
  removeBot: { expect: managersOfNothing, ask: (target) => ({ ...onNoBot(target), query: byOp() }) },
  createToken: {
    expect: managersOfNothing,
    ask: (target) => ({ ...onNoBot(target), body: { name: 'Token', scopes: ['messages:read'] } }),
  },
  tokens: { expect: managersOfNothing, ask: onNoBot },
  revokeToken: { expect: managersOfNothing, ask: onNoBot },
  createWebhook: {
    expect: managersOfNothing,
    ask: (target) => ({
      ...onNoBot(target),
      body: { url: 'https://example.org/hook', events: ['message:new'] },
    }),
  },
  webhooks: { expect: managersOfNothing, ask: onNoBot },
  updateWebhook: {
    expect: managersOfNothing,
    ask: (target) => ({ ...onNoBot(target), body: { isEnabled: false } }),
  },
  deleteWebhook: { expect: managersOfNothing, ask: onNoBot },
  deliveries: { expect: managersOfNothing, ask: onNoBot },
  createIncomingWebhook: {
    expect: managersOfNothing,
    ask: (target) => ({
      ...onNoBot(target),
      body: { name: 'Hook', conversationId: target.conversationId },
    }),
  },
  postIncoming: {
    expect: everybody('NOT_FOUND'),
    ask: () => ({ params: { secret: 'curlew_not-one-of-ours' }, body: { text: 'Hello' } }),
  },
  // Conversations.
  conversations: { expect: signedIn('OK'), ask: () => ({ query: { limit: 200 } }) },
  createConversation: {
    expect: orgMembers,
    ask: ({ orgId, colleagueId }) => ({
      body: { opId: randomUUID(), id: randomUUID(), orgId, kind: 'direct', peerId: colleagueId },
    }),
  },
  putItemConversation: {
    expect: { ...orgMembers, guest: 'FORBIDDEN' },
    ask: ({ orgId }) => ({
      params: { id: orgId, type: 'ticket', itemId: randomUUID() },
      body: { opId: randomUUID(), title: 'Ticket', url: 'https://tickets.example.org/1' },
    }),
  },
  conversation: { expect: conversationRead, ask: byConversation },
  updateConversation: {
    expect: conversationWrite,
    ask: (target) => ({
      ...byConversation(target),
      body: { opId: randomUUID(), pin: { messageId: target.messageId, on: true } },
    }),
  },
  // The matrix's conversations are of two people, whose members are fixed.
  addParticipant: {
    expect: conversationRefused,
    ask: (target) => ({
      ...byConversation(target),
      body: { opId: randomUUID(), userId: target.colleagueId },
    }),
  },
  updateParticipant: {
    expect: conversationRefused,
    ask: (target) => ({ ...onColleague(target), body: { opId: randomUUID(), role: 'owner' } }),
  },
  removeParticipant: {
    expect: conversationRefused,
    ask: (target) => ({ ...onColleague(target), query: byOp() }),
  },
  markRead: {
    expect: conversationWrite,
    ask: (target) => ({ ...byConversation(target), body: { opId: randomUUID(), seq: 1 } }),
  },
  receipts: { expect: conversationWrite, ask: byConversation },
  receiptCounts: { expect: conversationWrite, ask: byConversation },
  history: { expect: conversationRead, ask: byConversation },
  search: {
    expect: conversationRead,
    ask: ({ conversationId }) => ({ query: { query: 'e', conversationId } }),
  },
  sendMessage: {
    expect: conversationWrite,
    ask: (target) => ({ ...byConversation(target), body: { opId: randomUUID(), text: 'from the matrix' } }),
  },
  message: { expect: conversationRead, ask: ({ messageId }) => ({ params: { id: messageId } }) },
  messageTexts: { expect: conversationRead, ask: ({ messageId }) => ({ params: { id: messageId } }) },
  thread: { expect: conversationRead, ask: ({ messageId }) => ({ params: { id: messageId } }) },
  reach: { expect: conversationRefused, ask: ({ messageId }) => ({ params: { id: messageId } }) },
  addReaction: {
    expect: conversationWrite,
    ask: ({ messageId }) => ({ params: { id: messageId, emoji: '🎉' }, body: byOp() }),
  },
  removeReaction: {
    expect: conversationWrite,
    ask: ({ messageId }) => ({ params: { id: messageId, emoji: '🎉' }, query: byOp() }),
  },
  editMessage: {
    expect: authorOnly,
    ask: ({ messageId }) => ({ params: { id: messageId }, body: { opId: randomUUID(), text: 'edited' } }),
  },
  deleteMessage: {
    // A message that does not exist stands in for the owner, so that the other roles find theirs undeleted.
    expect: { ...authorOnly, owner: 'NOT_FOUND' },
    ask: ({ messageId }, role) => ({
      params: { id: role === 'owner' ? randomUUID() : messageId },
      query: { opId: randomUUID() },
    }),
  },
  window: {
    expect: conversationRead,
    ask: (target) => ({ ...byConversation(target), body: { tail: 0, ranges: [] } }),
  },
  // Logs.
  logState: { expect: orgMembers, ask: byOrg },
  pull: { expect: conversationRead, ask: (target) => ({ ...byConversation(target), query: { after: 0 } }) },
  verify: {
    expect: signedIn('OK'),
    ask: ({ conversationId, seq }) => ({
      body: { logs: [{ id: conversationId, seq, chain: '0'.repeat(16) }] },
    }),
  },
  opsStatus: { expect: signedIn('OK'), ask: ({ messageId }) => ({ body: { opIds: [messageId] } }) },
};
