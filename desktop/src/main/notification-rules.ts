/**
 * What becomes a notification. Owns grouping (one per conversation, a newer text replaces the older with a count),
 * suppression and the preview rule. Pure: the facts come from the core, after the message is stored.
 */
import type { NotificationFact } from '../ipc/core-port.ts';
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
  readonly target: { readonly conversationId: string; readonly messageId: string } | null;
}

/** Key of the summary among the notifications. */
export const SUMMARY_KEY = 'summary';

/** What to show, and how many unseen messages each conversation has notified afterwards. */
export interface NotificationPlan {
  readonly show: readonly PlannedNotification[];
  readonly pending: ReadonlyMap<string, number>;
  readonly recent: ReadonlySet<string>;
}

/** Decides about a batch of facts. */
export function planNotifications(
  facts: readonly NotificationFact[],
  scene: NotificationScene,
): NotificationPlan {
  if (scene.isFocused && !scene.isLocked) return { show: [], pending: scene.pending, recent: scene.recent };
  const pending = new Map(scene.pending);
  const latest = new Map<string, NotificationFact>();
  for (const fact of facts) {
    pending.set(fact.conversationId, (pending.get(fact.conversationId) ?? 0) + 1);
    latest.set(fact.conversationId, fact);
  }
  const recent = new Set([...scene.recent, ...latest.keys()]);
  if (latest.size === 0) return { show: [], pending, recent };
  if (recent.size > MAX_AT_ONCE) return { show: [summary(pending)], pending, recent };
  const show = [...latest.values()].map((fact) =>
    planOne(fact, pending.get(fact.conversationId) ?? 1, scene),
  );
  return { show, pending, recent };
}

function planOne(fact: NotificationFact, count: number, scene: NotificationScene): PlannedNotification {
  const target = { conversationId: fact.conversationId, messageId: fact.messageId };
  const key = `${fact.accountId} ${fact.conversationId}`;
  // On a locked screen anybody reads along: at most the name is shown.
  const preview = scene.isLocked && scene.preview === 'full' ? 'name' : scene.preview;
  if (preview === 'none') return { key, title: texts.appName, body: texts.youHaveNewMessages, target };
  if (preview === 'name') {
    return { key, title: fact.title, body: count > 1 ? texts.newMessages(count) : texts.newMessage, target };
  }
  const body = count > 1 ? `${fact.text}\n${texts.andMore(count - 1)}` : fact.text;
  return { key, title: fact.title, body, target };
}

function summary(pending: ReadonlyMap<string, number>): PlannedNotification {
  const messages = [...pending.values()].reduce((sum, count) => sum + count, 0);
  return {
    key: SUMMARY_KEY,
    title: texts.appName,
    body: texts.summary(messages, pending.size),
    target: null,
  };
}

/**
 * Writes a text so that a daemon which reads markup shows it as it is (Desktop Notifications Specification, "Markup"):
 * what a person typed must not become a link, an image or a broken notification.
 */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
