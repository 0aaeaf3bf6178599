/** Every intent the core handles, by name. Owns that table and nothing else; a missing handler does not compile. */
import type { IntentName, intents } from '../../ipc/intents.ts';
import * as account from './account.ts';
import * as conversations from './conversations.ts';
import * as diagnostics from './diagnostics.ts';
import type { IntentTable } from '../core.ts';
import type { IntentHandler } from './intent-types.ts';
import * as exporting from './exporting.ts';
import * as groups from './groups.ts';
import * as linked from './linked.ts';
import * as history from './history.ts';
import * as keeping from './keeping.ts';
import * as messageInfo from './message-info.ts';
import * as messages from './messages.ts';
import * as notifications from './notifications.ts';
import * as organization from './organization.ts';
import * as outbox from './outbox.ts';
import * as scheduled from './scheduled.ts';
import * as search from './search.ts';
import * as session from './session.ts';
import * as storage from './storage.ts';

/** Intents that the contract gives to the core. */
type CoreIntentName = {
  [I in IntentName]: (typeof intents)[I]['handledBy'] extends 'core' ? I : never;
}[IntentName];

const table: { readonly [I in CoreIntentName]: IntentHandler<I> } = {
  'session.probe': session.probe,
  'session.signIn': session.signIn,
  'session.createAccount': session.createAccount,
  'session.signOut': session.signOut,
  'session.keepForThisRun': session.keepForThisRun,
  'session.dismissNotice': session.dismissNotice,
  'account.changePassword': account.changePassword,
  'account.rename': account.rename,
  'account.setStatus': account.setStatus,
  'account.setPreferences': account.setPreferences,
  'device.revoke': account.revokeDevice,
  'invite.create': organization.createInvite,
  'invites.list': organization.listInvites,
  'invite.revoke': organization.revokeInvite,
  'org.create': organization.createOrganization,
  'org.join': organization.joinOrganization,
  'audit.list': organization.listAudit,
  'audit.export': organization.exportAudit,
  'org.rename': organization.renameOrganization,
  'org.setRole': organization.setOrgRole,
  'org.setPolicy': organization.setPolicy,
  'org.saveSite': organization.saveSite,
  'org.saveUnit': organization.saveUnit,
  'org.removeSite': organization.removeSite,
  'org.removeUnit': organization.removeUnit,
  'org.setPlaces': organization.setPlaces,
  'announcement.create': organization.createAnnouncement,
  'message.send': messages.sendMessage,
  'message.edit': messages.editMessage,
  'message.delete': messages.deleteMessage,
  'message.restore': messages.restoreMessage,
  'message.react': messages.reactToMessage,
  'message.info': messageInfo.messageInfo,
  'message.receipts': messageInfo.messageReceipts,
  'message.schedule': scheduled.scheduleMessage,
  'scheduled.change': scheduled.changeScheduled,
  'scheduled.sendNow': scheduled.sendScheduledNow,
  'scheduled.toDraft': scheduled.scheduledToDraft,
  'scheduled.remove': scheduled.removeScheduled,
  'message.reach': messages.messageReach,
  'message.texts': messages.messageTexts,
  'message.forward': keeping.forwardMessage,
  'message.save': keeping.saveMessage,
  'link.preview': messages.previewLink,
  'draft.save': messages.saveDraft,
  'draft.choose': messages.chooseDraft,
  'draft.restore': messages.restoreDraft,
  'typing.report': messages.reportTyping,
  'group.create': groups.createGroup,
  'group.rename': groups.renameGroup,
  'group.add': groups.addToGroup,
  'group.remove': groups.removeFromGroup,
  'group.setRole': groups.setGroupRole,
  'message.pin': groups.pinMessage,
  'linked.open': linked.openLinked,
  'conversation.setClosed': linked.setClosed,
  'conversation.setTtl': groups.setMessageTtl,
  'conversation.openDirect': conversations.openDirect,
  'conversation.show': conversations.showConversation,
  'conversation.seen': conversations.seeConversation,
  'conversation.markUnread': conversations.markUnread,
  'conversation.markRead': conversations.markRead,
  'conversation.markAllRead': conversations.markAllRead,
  'thread.markUnread': conversations.markThreadUnread,
  'conversation.pin': conversations.pinConversation,
  'conversation.mute': conversations.muteConversation,
  'conversation.archive': conversations.archiveConversation,
  'conversation.notify': notifications.setLevel,
  'notification.reply': notifications.reply,
  'notification.read': notifications.read,
  'notification.why': notifications.why,
  'history.retry': conversations.retryHistory,
  'history.jumpToDate': history.jumpToDate,
  'export.start': exporting.startExport,
  'export.step': exporting.stepExport,
  'export.cancel': exporting.cancelExport,
  'diagnostics.facts': diagnostics.facts,
  'storage.step': storage.stepStorage,
  'storage.clear': storage.clearStorage,
  'presence.watch': conversations.watchPresence,
  'outbox.retry': outbox.retryOp,
  'outbox.retryAll': outbox.retryAllOps,
  'outbox.sendNow': outbox.sendNow,
  'outbox.setDeadline': outbox.setDeadline,
  'outbox.cancel': outbox.cancelOp,
  'outbox.discard': outbox.discardOp,
  'outbox.edit': outbox.editOp,
  'connection.retryNow': outbox.retryConnection,
  'search.messages': search.searchMessages,
  'search.server': search.searchServer,
};

/**
 * Handlers by name; intents that main handles itself have none. The cast forgets which request belongs to which name:
 * `core.ts` parses each with the schema of the same name just before.
 */
export const handlers = table as unknown as IntentTable;
