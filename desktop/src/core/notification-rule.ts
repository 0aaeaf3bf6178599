/** Whether a message notifies, and why not. Pure; the facts are gathered by `notifications.ts`. */
import { isQuietAt } from '@curlew/shared/lib/quiet-hours.ts';
import type { ConversationKind } from '@curlew/shared/domain/message.ts';
import type { NotificationLevel, NotificationOutcome, NotificationSettings } from '../ipc/notifications.ts';

/** A message that arrives later than this is read in the list, not announced. */
export const MAX_AGE_MS = 5 * 60_000;
/** The same for what a catch-up brings: its conversations tell once, but not of what is history by now. */
export const GAP_MAX_AGE_MS = 7 * 24 * 3600_000;

/** What of a conversation notifies. */
export type ConversationLevel = 'all' | 'mentions' | 'none';

/** What the decision about one message rests on. */
export interface NotificationCase {
  /** Server time since it was sent, in ms. */
  readonly ageMs: number;
  /** It came with what was missed while there was no connection. */
  readonly isGap: boolean;
  readonly isFirstSync: boolean;
  readonly isRead: boolean;
  readonly isWatched: boolean;
  /** It names me, answers me, or stands in a thread I follow. */
  readonly isForMe: boolean;
  /** It stands in a thread I do not follow. */
  readonly isThreadOfOthers: boolean;
  /** An announcement that passes "do not disturb" and quiet hours; a mute and a level are the reader's answer to it. */
  readonly isUrgent: boolean;
  readonly kind: ConversationKind;
  /** A running mute of the conversation; `untilMs` null: until turned off. */
  readonly mute: Until | null;
  /** The conversation's own setting. */
  readonly level: ConversationLevel | null;
  /** A running "do not disturb". */
  readonly dnd: Until | null;
  readonly settings: NotificationSettings;
  /** Wall time of this computer. */
  readonly nowMs: number;
}

/** Something that lasts until a time, or (null) until it is ended. */
export interface Until {
  readonly untilMs: number | null;
}

/** The decision; `until` says when the reason ends, where that is known. */
export interface NotificationVerdict {
  readonly outcome: 'handed' | Exclude<NotificationOutcome, 'shown' | 'counted' | 'refused' | 'focused'>;
  readonly untilMs: number | null;
}

/** Decides about one message. What says most about it comes first: read before muted, muted before quiet. */
export function decideNotification(it: NotificationCase): NotificationVerdict {
  if (it.isFirstSync) return because('firstSync');
  if (it.isRead) return because('read');
  if (it.ageMs > (it.isGap ? GAP_MAX_AGE_MS : MAX_AGE_MS)) return because('old');
  if (it.isWatched) return because('watched');
  if (it.mute) return because('muted', it.mute.untilMs);
  const level = it.level ?? defaultLevel(it.settings.level, it.kind);
  if (it.isThreadOfOthers) return because('thread');
  if (level === 'none' || (level === 'mentions' && !it.isForMe)) return because('level');
  // The server takes it only where the organisation allows it.
  if (it.isUrgent && it.kind === 'announcement') return because('handed');
  if (it.dnd) return because('dnd', it.dnd.untilMs);
  if (isQuietAt(it.settings.quietHours, it.nowMs)) return because('quietHours');
  return because('handed');
}

/** What notifies in a conversation that has no setting of its own. */
export function defaultLevel(level: NotificationLevel, kind: ConversationKind): ConversationLevel {
  if (level !== 'direct') return level;
  // An announcement is addressed to each of its readers, as a direct message is.
  return kind === 'direct' || kind === 'announcement' ? 'all' : 'mentions';
}

function because(
  outcome: NotificationVerdict['outcome'],
  untilMs: number | null = null,
): NotificationVerdict {
  return { outcome, untilMs };
}
