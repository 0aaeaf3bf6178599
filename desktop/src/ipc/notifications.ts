/**
 * Notifications between core, main and windows: their settings on this device, what the core hands to main, why a message
 * did or did not notify, and the intents of both. Owns those shapes.
 */
import { z } from 'zod';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import type { ConversationKind } from '@curlew/shared/domain/message.ts';
import { isTimeZone } from '@curlew/shared/lib/quiet-hours.ts';
import { messageTextSchema } from '@curlew/shared/protocol/ops.ts';

/** What notifies where a conversation has no setting of its own. `direct`: direct messages, announcements, mentions. */
export const notificationLevelSchema = z.enum(['all', 'direct', 'none']);
/** See {@link notificationLevelSchema}. */
export type NotificationLevel = z.infer<typeof notificationLevelSchema>;

const minuteSchema = z.int().min(0).max(1439);
/** A weekly schedule of quiet hours, see `QuietHours`. */
export const quietHoursSchema = z.strictObject({
  isOn: z.boolean(),
  week: z.array(z.enum(['none', 'hours', 'day'])).length(7),
  fromMinute: minuteSchema,
  toMinute: minuteSchema,
  timeZone: z.string().max(64).refine(isTimeZone, 'not a time zone').nullable(),
});

/** What a notification sounds like. */
export const notificationSoundSchema = z.enum(['tide', 'drop', 'none']);

/** Preferences of a device about notifications and what runs in the background. */
export const notificationPreferences = {
  notificationLevel: notificationLevelSchema,
  notificationPreview: z.enum(['full', 'name', 'none']),
  notificationSound: notificationSoundSchema,
  /** The number on the app's icon. */
  badge: z.boolean(),
  quietHours: quietHoursSchema,
  /** Closing the window leaves the app running. */
  closeToTray: z.boolean(),
  /** Started by the system when the person signs in to the computer. */
  startAtLogin: z.boolean(),
  /** Then without its window. */
  startHidden: z.boolean(),
} as const;

/** What the core must know of this device's preferences to decide. */
export interface NotificationSettings {
  readonly level: NotificationLevel;
  readonly quietHours: z.infer<typeof quietHoursSchema>;
}

/** What a device starts with: weekdays from 18:00 to 07:30 and the weekend are proposed, and off. */
export const defaultNotificationSettings: NotificationSettings = {
  level: 'all',
  quietHours: {
    isOn: false,
    week: ['hours', 'hours', 'hours', 'hours', 'hours', 'day', 'day'],
    fromMinute: 18 * 60,
    toMinute: 7 * 60 + 30,
    timeZone: null,
  },
};

/** Why a message did or did not notify on this device. */
export const notificationOutcomeSchema = z.enum([
  /** A notification of its own, or one of its conversation that says its text. */
  'shown',
  /** Counted by a notification that says another text, of its conversation or of several. */
  'counted',
  /** Given to the system, which has not answered yet. */
  'handed',
  /** The system took no notification. */
  'refused',
  /** The conversation was on screen. */
  'watched',
  /** A window was in use, so the list tells. */
  'focused',
  /** Read already, here or on another device. */
  'read',
  /** Arrived long after it was sent. */
  'old',
  /** It came with the first synchronisation of this device. */
  'firstSync',
  'muted',
  /** What this conversation, or this device, notifies about does not include it. */
  'level',
  /** A reply in a thread that the person does not follow. */
  'thread',
  'dnd',
  'quietHours',
]);
/** See {@link notificationOutcomeSchema}. */
export type NotificationOutcome = z.infer<typeof notificationOutcomeSchema>;

/** Something to notify about, decided by the core after the message is stored. Main adds preview rules and shows it. */
export interface NotificationFact {
  readonly accountId: string;
  readonly conversationId: string;
  readonly messageId: string;
  /** The message whose thread it is in, if any. */
  readonly threadRootId: string | null;
  /** Id a reply written in the notification gets, so that it is sent once however often it is handed over. */
  readonly replyId: string;
  readonly title: string;
  /** Who wrote it, where the title does not say. */
  readonly senderName: string | null;
  readonly text: string;
  /** Its text must not leave the app. */
  readonly isPrivate: boolean;
  /** Messages it stands for: after a gap one fact tells of all. */
  readonly count: number;
}

/** What became of a fact. */
export interface NotificationReport {
  readonly messageId: string;
  readonly outcome: Extract<NotificationOutcome, 'shown' | 'counted' | 'refused' | 'focused'>;
}

/** A conversation that notifies otherwise than the device. */
export interface NotificationRuleRow {
  readonly id: string;
  readonly title: string;
  readonly kind: ConversationKind;
  readonly level: 'all' | 'mentions' | 'none' | null;
  readonly isMuted: boolean;
  /** Null: until turned off, or not muted. */
  readonly mutedUntilMs: number | null;
}

const nothing = z.object({});
const onMessage = { conversationId: uuidSchema, messageId: uuidSchema };

/** Intents about notifications; `intents.ts` names them. */
export const notificationIntents = {
  /** What of a conversation notifies, on all my devices; null: as each device is set. */
  'conversation.notify': {
    handledBy: 'core',
    request: z.strictObject({
      conversationId: uuidSchema,
      level: z.enum(['all', 'mentions', 'none']).nullable(),
    }),
    answer: nothing,
  },
  /** A reply written in a notification: sent once per `replyId`, and marks read up to the message. */
  'notification.reply': {
    handledBy: 'core',
    request: z.strictObject({
      ...onMessage,
      threadRootId: uuidSchema.nullable(),
      replyId: uuidSchema,
      text: messageTextSchema,
    }),
    answer: nothing,
  },
  /** Read up to a message, as a notification's button says. */
  'notification.read': {
    handledBy: 'core',
    request: z.strictObject({ ...onMessage, threadRootId: uuidSchema.nullable() }),
    answer: nothing,
  },
  /** Shows one, to see that it works; says who shows them, and whether it was taken. */
  'notification.test': {
    handledBy: 'main',
    request: z.strictObject({}),
    answer: z.object({
      isShown: z.boolean(),
      /** Null: nothing shows notifications on this desktop. */
      system: z
        .object({
          name: z.string().nullable(),
          version: z.string().nullable(),
          capabilities: z.array(z.string()),
        })
        .nullable(),
      hasTray: z.boolean(),
    }),
  },
  /** Why a message did or did not notify here; null: not known (any more). */
  'notification.why': {
    handledBy: 'core',
    request: z.strictObject({ messageId: uuidSchema }),
    answer: z.object({
      why: z
        .object({
          outcome: notificationOutcomeSchema,
          atMs: z.number(),
          /** End of the mute or of "do not disturb"; null: none known. */
          untilMs: z.number().nullable(),
        })
        .nullable(),
    }),
  },
} as const;
