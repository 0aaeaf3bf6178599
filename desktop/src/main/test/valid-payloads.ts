/**
 * One valid payload per intent and view, for tests that break them. A new entry of the contract does not compile
 * until it has one here.
 */
import type { IntentName, IntentRequest } from '../../ipc/intents.ts';
import type { ViewName, ViewParams } from '../../ipc/views.ts';

const conversationId = '0199c5a8-0000-7000-8000-000000000001';
const messageId = '0199c5a8-0000-7000-8000-000000000002';
const userId = '0199c5a8-0000-7000-8000-000000000003';
const opId = '0199c5a8-0000-7000-8000-000000000004';
const serverUrl = 'https://chat.example.org';
const email = 'maya@example.org';
const password = 'correct horse battery';

/** Valid requests by intent. Every member stands in each, optional ones too. */
export const validRequests: { readonly [I in IntentName]: IntentRequest<I> } = {
  'session.probe': { serverUrl },
  'session.signIn': { serverUrl, email, password },
  'session.createAccount': {
    serverUrl,
    email,
    password,
    name: 'Maya Lindqvist',
    setupCode: 'ABCD-1234',
    orgName: 'City Facilities',
    inviteCode: 'WXYZ-9876',
  },
  'session.signOut': { ifUnsent: 'ask' },
  'session.keepForThisRun': {},
  'session.dismissNotice': { id: 'notice-1' },
  'account.changePassword': { currentPassword: password, newPassword: `${password} staple` },
  'account.rename': { name: 'Maya' },
  'account.setStatus': { state: 'dnd', untilMs: 1_800_000_000_000 },
  'device.revoke': { deviceId: opId, wipe: true },
  'invite.create': { orgId: opId, expiresInMs: 86_400_000, maxUses: 5 },
  'invites.list': { orgId: opId },
  'invite.revoke': { orgId: opId, inviteId: messageId },
  'org.rename': { orgId: opId, name: 'City Facilities' },
  'org.setRole': { orgId: opId, userId, role: 'admin' },
  'org.setPolicy': {
    orgId: opId,
    policy: { groupCreation: 'admins', editWindowMs: 900_000 },
  },
  'org.saveSite': { orgId: opId, siteId: messageId, name: 'North Campus' },
  'org.saveUnit': {
    orgId: opId,
    unitId: messageId,
    siteId: userId,
    parentId: conversationId,
    name: 'Boilers',
  },
  'org.removeSite': { orgId: opId, siteId: messageId },
  'org.removeUnit': { orgId: opId, unitId: messageId },
  'org.setPlaces': { orgId: opId, userId, siteIds: [messageId], unitIds: [conversationId] },
  'announcement.create': { orgId: opId, title: 'Notices', audience: { scope: 'site', id: messageId } },
  'message.send': {
    conversationId,
    text: 'Good morning',
    replyTo: messageId,
    threadRootId: messageId,
    mentions: [userId],
  },
  'message.edit': { conversationId, messageId, text: 'Good evening' },
  'message.delete': { conversationId, messageId, forEveryone: true },
  'message.restore': { conversationId, messageId },
  'message.react': { conversationId, messageId, emoji: '👍', on: true },
  'message.info': { conversationId, messageId },
  'draft.save': { conversationId, draft: { text: 'Well,', replyTo: null } },
  'linked.open': {
    orgId: opId,
    type: 'ticket',
    id: 'FM-2481',
    create: {
      orgId: opId,
      title: 'Cooling fault',
      url: 'https://tickets.example.org/FM-2481',
      memberIds: [userId],
    },
  },
  'conversation.setClosed': { conversationId, isClosed: true },
  'group.create': { orgId: opId, title: 'Engine room', memberIds: [userId], history: 'all' },
  'group.rename': { conversationId, title: 'Boiler room' },
  'group.add': { conversationId, userIds: [userId] },
  'group.remove': { conversationId, userId },
  'group.setRole': { conversationId, userId, role: 'moderator' },
  'message.pin': { conversationId, messageId, on: true },
  'conversation.openDirect': { userId },
  'conversation.show': { conversationId },
  'conversation.seen': { conversationId, seq: 7 },
  'conversation.markUnread': { conversationId, fromSeq: 7 },
  'conversation.markRead': { conversationId },
  'conversation.markAllRead': {},
  'conversation.pin': { conversationId, on: true },
  'conversation.mute': { conversationId, on: true, untilMs: null },
  'conversation.archive': { conversationId, on: false },
  'typing.report': { conversationId, isTyping: true },
  'history.retry': { conversationId },
  'presence.watch': { userIds: [userId] },
  'outbox.retry': { opId },
  'outbox.retryAll': {},
  'outbox.sendNow': { opId },
  'outbox.cancel': { opId },
  'outbox.discard': { opId },
  'outbox.edit': { opId, text: 'Shorter' },
  'connection.retryNow': {},
  'search.messages': {
    query: 'from:kofi "part number" -old',
    conversationId,
    limit: 50,
    from: 'list',
    after: { atMs: 1_790_000_000_000, id: messageId },
  },
  'search.server': { query: 'invoice', conversationId, limit: 50, cursor: 'next' },
  'preferences.set': {
    theme: 'dark',
    contrast: 'high',
    density: 'compact',
    motion: 'reduced',
    messageScale: 1.13,
    sendWith: 'ctrlEnter',
    notificationPreview: 'name',
    closeToTray: false,
  },
  'app.openExternal': { url: 'https://example.org' },
  'app.copyText': { text: 'Copied' },
  'window.control': { action: 'minimize' },
};

/** Valid parameters by view. */
export const validParams: { readonly [V in ViewName]: ViewParams<V> } = {
  session: {},
  connection: {},
  conversations: { filter: 'unread', offset: 0, limit: 50, kind: 'linked' },
  conversation: { conversationId },
  timeline: { conversationId, at: { kind: 'message', messageId }, limit: 100 },
  thread: { conversationId, rootId: messageId, limit: 100 },
  typing: { conversationId },
  outbox: {},
  people: { query: 'kofi', limit: 50 },
  organization: { orgId: opId, query: 'kofi', limit: 50 },
  switcher: { query: 'k' },
  devices: {},
  preferences: {},
  about: {},
};
