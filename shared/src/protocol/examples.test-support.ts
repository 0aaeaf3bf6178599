/**
 * One example for every frame and request a client may send. Each is checked against its schema when the document is
 * made; tests in other languages extract them by their marks and compare what they send.
 */
import type { RouteName } from './http.ts';
import type { OpKind } from './ops.ts';
import type { ClientEventName } from './socket.ts';

const orgId = '0199a3c0-5f00-7000-8000-00000000000a';
const adaId = '0199a3c0-5f00-7000-8000-0000000000a1';
const bobId = '0199a3c0-5f00-7000-8000-0000000000b2';
const deviceId = '0199a3c0-5f00-7000-8000-0000000000d1';
const instance = '0199a3c0-5f00-7000-8000-0000000000f1';
const conversationId = '0199a3c0-5f00-7000-8000-0000000000c1';
const botId = '0199a3c0-5f00-7000-8000-0000000000b0';
const siteId = '0199a3c0-5f00-7000-8000-0000000000e1';
const unitId = '0199a3c0-5f00-7000-8000-0000000000e2';
const messageId = '0199a3c0-6000-7000-8000-000000000001';
const opIds = Array.from(
  { length: 13 },
  (_, index) => `0199a3c0-6000-7000-8000-${String(index + 1).padStart(12, '0')}`,
);
const [, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth, thirteenth] =
  opIds;
const composedAt = 1_763_730_000_000;
const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTk5YTNjMCJ9.signature';

/** A request of a route: what stands in the path, the query and the body. */
export interface RouteExample {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The `auth` object of the handshake. */
export const handshakeExample = { token, protocol: 1, deviceId, instance, appVersion: 'my-bot 1.0' };

/** Every kind of op. */
export const opExamples: Readonly<Record<OpKind, unknown>> = {
  'conversation.create': {
    opId: second,
    v: 1,
    kind: 'conversation.create',
    logId: conversationId,
    orgId,
    conversationKind: 'direct',
    protection: 'server',
    peerId: bobId,
  },
  'conversation.update': {
    opId: tenth,
    v: 1,
    kind: 'conversation.update',
    logId: conversationId,
    title: 'Difference engine',
  },
  'member.add': {
    opId: eleventh,
    v: 1,
    kind: 'member.add',
    logId: conversationId,
    userId: bobId,
    role: 'member',
  },
  'member.remove': { opId: twelfth, v: 1, kind: 'member.remove', logId: conversationId, userId: bobId },
  'member.role': {
    opId: thirteenth,
    v: 1,
    kind: 'member.role',
    logId: conversationId,
    userId: bobId,
    role: 'moderator',
  },
  'message.send': {
    opId: messageId,
    v: 1,
    kind: 'message.send',
    logId: conversationId,
    text: 'Hello, Bob',
    replyTo: null,
    composedAt,
  },
  'message.edit': {
    opId: third,
    v: 1,
    kind: 'message.edit',
    logId: conversationId,
    messageId,
    text: 'Hello, Bob!',
    baseRevSeq: 2,
  },
  'message.delete': { opId: fourth, v: 1, kind: 'message.delete', logId: conversationId, messageId },
  'reaction.set': {
    opId: fifth,
    v: 1,
    kind: 'reaction.set',
    logId: conversationId,
    messageId,
    emoji: '👍',
    on: true,
  },
  'read.set': { opId: sixth, v: 1, kind: 'read.set', logId: conversationId, seq: 2 },
  'delivered.set': { opId: seventh, v: 1, kind: 'delivered.set', logId: conversationId, seq: 2 },
  'account.set': {
    opId: eighth,
    v: 1,
    kind: 'account.set',
    logId: adaId,
    key: `draft:${conversationId}`,
    value: { text: 'Half a sent', replyTo: null },
  },
  'org.set': {
    opId: ninth,
    v: 1,
    kind: 'org.set',
    logId: orgId,
    key: `person:${adaId}`,
    value: { name: 'Ada' },
  },
};

/** Every event a client may send. */
export const eventExamples: Readonly<Record<ClientEventName, unknown>> = {
  hello: {},
  'auth:refresh': { token },
  'sync:heads': { token: 'a77957d8ba68dc94.777' },
  'ops:submit': { fence: 3, lane: conversationId, ops: [opExamples['message.send']] },
  'message:send': { opId: messageId, logId: conversationId, text: 'Hello, Bob', replyTo: null, composedAt },
  'message:edit': { opId: third, logId: conversationId, messageId, text: 'Hello, Bob!', baseRevSeq: 2 },
  'message:delete': { opId: fourth, logId: conversationId, messageId },
  'message:react': { opId: fifth, logId: conversationId, messageId, emoji: '👍', on: true },
  'message:read': { opId: sixth, logId: conversationId, seq: 2 },
  'conversation:join': { conversationId },
  'conversation:leave': { conversationId },
  'presence:watch': { userIds: [bobId] },
  'typing:start': { conversationId },
  'typing:stop': { conversationId },
};

const account = { email: 'ada@example.org', password: 'analytical engine 1843' };
const device = { deviceId, deviceName: 'my bot' };
const byConversation = { params: { id: conversationId } };
const onBob = { id: conversationId, userId: bobId };
const byOp = { opId: String(fourth) };

/** A request of every route. */
export const routeExamples: Readonly<Record<RouteName, RouteExample>> = {
  register: { body: { ...account, name: 'Ada', ...device, inviteCode: 'SWAN-CSAA-QR64-P3AB' } },
  login: { body: { ...account, ...device } },
  token: { body: { refreshToken: 'N3Z1c2VjcmV0' } },
  logout: { body: { refreshToken: 'N3Z1c2VjcmV0' } },
  changePassword: { body: { currentPassword: account.password, newPassword: 'difference engine no. 2' } },
  me: {},
  updateMe: { body: { name: 'Ada Lovelace' } },
  devices: {},
  revokeDevice: { params: { id: deviceId }, query: { wipe: 'true' } },
  users: { query: { query: 'bob' } },
  orgs: {},
  createOrg: { body: { id: String(third), name: 'Harbour Volunteers' } },
  audit: { params: { id: orgId }, query: { action: 'role.set', limit: '50' } },
  auditExport: { params: { id: orgId }, query: { format: 'csv' } },
  updateOrg: { params: { id: orgId }, body: { opId: ninth, name: 'Engines' } },
  orgMembers: { params: { id: orgId } },
  updateOrgMember: { params: { id: orgId, userId: bobId }, body: { opId: ninth, role: 'admin' } },
  removeOrgMember: { params: { id: orgId, userId: bobId }, query: byOp },
  sites: { params: { id: orgId } },
  putSite: { params: { id: orgId, siteId }, body: { opId: ninth, name: 'Turin' } },
  deleteSite: { params: { id: orgId, siteId }, query: byOp },
  units: { params: { id: orgId } },
  putUnit: { params: { id: orgId, unitId }, body: { opId: ninth, name: 'Workshop', siteId, parentId: null } },
  deleteUnit: { params: { id: orgId, unitId }, query: byOp },
  createInvite: { params: { id: orgId }, body: { maxUses: 1, expiresInMs: 86_400_000 } },
  invites: { params: { id: orgId } },
  revokeInvite: { params: { id: orgId, inviteId: String(third) } },
  acceptInvite: { params: { code: 'SWAN-CSAA-QR64-P3AB' } },
  createBot: { params: { id: orgId }, body: { name: 'Deployments' } },
  bots: { params: { id: orgId } },
  removeBot: { params: { id: orgId, botId }, query: byOp },
  createToken: {
    params: { id: orgId, botId },
    body: { name: 'build server', scopes: ['messages:read', 'messages:write'] },
  },
  tokens: { params: { id: orgId, botId } },
  revokeToken: { params: { id: orgId, botId, tokenId: String(third) } },
  createWebhook: {
    params: { id: orgId, botId },
    body: { url: 'https://builds.example.org/curlew', events: ['message:new'], conversationId },
  },
  webhooks: { params: { id: orgId, botId } },
  updateWebhook: { params: { id: orgId, botId, webhookId: String(third) }, body: { isEnabled: false } },
  deleteWebhook: { params: { id: orgId, botId, webhookId: String(third) } },
  deliveries: { params: { id: orgId, botId, webhookId: String(third) }, query: { limit: '50' } },
  createIncomingWebhook: { params: { id: orgId, botId }, body: { name: 'Alerts', conversationId } },
  postIncoming: { params: { secret: 'curlew_N3Z1c2VjcmV0' }, body: { text: 'The build is green' } },
  conversations: { query: { limit: '50' } },
  createConversation: { body: { opId: second, id: conversationId, orgId, kind: 'direct', peerId: bobId } },
  putItemConversation: {
    params: { id: orgId, type: 'ticket', itemId: '4711' },
    body: {
      opId: second,
      title: 'Ticket 4711',
      url: 'https://tickets.example.org/4711',
      status: 'open',
      memberIds: [bobId],
    },
  },
  conversation: byConversation,
  updateConversation: { ...byConversation, body: { opId: tenth, title: 'Difference engine' } },
  addParticipant: { ...byConversation, body: { opId: eleventh, userId: bobId } },
  updateParticipant: { params: onBob, body: { opId: thirteenth, role: 'moderator' } },
  removeParticipant: { params: onBob, query: byOp },
  receipts: { ...byConversation, query: { seq: '2' } },
  receiptCounts: { ...byConversation, query: { seq: '2' } },
  markRead: { ...byConversation, body: { opId: sixth, seq: 2 } },
  history: { ...byConversation, query: { before: '120', limit: '50' } },
  search: {
    query: { query: 'from:ada invoice -draft', conversationId, limit: '20', utcOffsetMinutes: '60' },
  },
  sendMessage: { ...byConversation, body: { opId: messageId, text: 'Hello, Bob' } },
  message: { params: { id: messageId } },
  messageTexts: { params: { id: messageId } },
  thread: { params: { id: messageId }, query: { after: '0', limit: '50' } },
  reach: { params: { id: messageId }, query: { missing: 'acknowledged' } },
  editMessage: { params: { id: messageId }, body: { opId: third, text: 'Hello, Bob!' } },
  deleteMessage: { params: { id: messageId }, query: byOp },
  addReaction: { params: { id: messageId, emoji: '👍' }, body: { opId: fifth } },
  removeReaction: { params: { id: messageId, emoji: '👍' }, query: byOp },
  window: { ...byConversation, body: { tail: 40, ranges: [{ lo: 1, hi: 40 }], limit: 200 } },
  logState: { params: { id: adaId } },
  pull: { params: { id: conversationId }, query: { after: '0', limit: '1000' } },
  verify: { body: { logs: [{ id: conversationId, seq: 2, chain: 'c1855b94cc4db814' }] } },
  opsStatus: { body: { opIds: [messageId] } },
  discovery: {},
};
