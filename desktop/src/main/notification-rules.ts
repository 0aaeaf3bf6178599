/**
 * What becomes a notification. Owns grouping (one per conversation, a newer text replaces the older with a count),
 * suppression and the preview rule. Pure: the facts come from the core, after the message is stored.
 */
import type { NotificationFact, NotificationReport } from '../ipc/notifications.ts';
import type { Preferences } from '../ipc/views.ts';
import { texts } from './texts.ts';

/** More conversations than this at once become one summary. */
const MAX_AT_ONCE = 4;
/** Conversations notified within this time count as "at once". */
export const BURST_MS = 10_000;

/** What decides besides the fact itself. */
export interface NotificationScene {
  readonly preview: Preferences['notificationPreview'];
  readonly isLocked: boolean;
  /** Whether a window of the app is focused: then the list and its badges tell enough. */
  readonly isFocused: boolean;
  /** Messages notified and not looked at yet, by conversation. */
  readonly pending: ReadonlyMap<string, number>;
  /** Conversations notified within the last {@link BURST_MS}. */
  readonly recent: ReadonlySet<string>;
}

/** One notification to show. A summary has no conversation to open. */
export interface PlannedNotification {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly fact: NotificationFact | null;
}

/** Key of the summary among the notifications. */
export const SUMMARY_KEY = 'summary';

/** What to show, and how many unseen messages each conversation has notified afterwards. */
export interface NotificationPlan {
  readonly show: readonly PlannedNotification[];
  /** What became of each fact; one that is shown may still be refused by the system. */
  readonly reports: readonly NotificationReport[];
  readonly pending: ReadonlyMap<string, number>;
  readonly recent: ReadonlySet<string>;
}

/** Decides about a batch of facts. */
export function planNotifications(
  facts: readonly NotificationFact[],
  scene: NotificationScene,
): NotificationPlan {
  if (scene.isFocused && !scene.isLocked) {
    const reports = facts.map(({ messageId }) => ({ messageId, outcome: 'focused' as const }));
    return { show: [], reports, pending: scene.pending, recent: scene.recent };
  }
  const pending = new Map(scene.pending);
  const latest = new Map<string, NotificationFact>();
  for (const fact of facts) {
    pending.set(fact.conversationId, (pending.get(fact.conversationId) ?? 0) + fact.count);
    latest.set(fact.conversationId, fact);
  }
  const recent = new Set([...scene.recent, ...latest.keys()]);
  const reports = facts.map((fact): NotificationReport => {
    const isOwn = recent.size <= MAX_AT_ONCE && latest.get(fact.conversationId) === fact;
    return { messageId: fact.messageId, outcome: isOwn ? 'shown' : 'counted' };
  });
  if (latest.size === 0) return { show: [], reports, pending, recent };
  if (recent.size > MAX_AT_ONCE) return { show: [summary(pending)], reports, pending, recent };
  const show = [...latest.values()].map((fact) =>
    planOne(fact, pending.get(fact.conversationId) ?? 1, scene),
  );
  return { show, reports, pending, recent };
}

function planOne(fact: NotificationFact, count: number, scene: NotificationScene): PlannedNotification {
  const key = `${fact.accountId} ${fact.conversationId}`;
  // On a locked screen anybody reads along: at most the name is shown.
  const preview = scene.isLocked && scene.preview === 'full' ? 'name' : scene.preview;
  if (preview === 'none') return { key, title: texts.appName, body: texts.youHaveNewMessages, fact };
  if (preview === 'name') {
    return { key, title: fact.title, body: count > 1 ? texts.newMessages(count) : texts.newMessage, fact };
  }
  if (fact.isPrivate) return { key, title: fact.title, body: texts.newPrivateMessage, fact };
  const text = fact.senderName === null ? fact.text : `${fact.senderName}: ${fact.text}`;
  const body = count > 1 ? `${text}\n${texts.andMore(count - 1)}` : text;
  return { key, title: fact.title, body, fact };
}

function summary(pending: ReadonlyMap<string, number>): PlannedNotification {
  const messages = [...pending.values()].reduce((sum, count) => sum + count, 0);
  return {
    key: SUMMARY_KEY,
    title: texts.appName,
    body: texts.summary(messages, pending.size),
    fact: null,
  };
}
