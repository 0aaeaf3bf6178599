/**
 * Preferences of this device. Owns their defaults and the one rule of changing them: every saved state is valid as a
 * whole, and a file from another version keeps each value that is still valid.
 */
import { z } from 'zod';
import { defaultNotificationSettings } from '../ipc/notifications.ts';
import type { Preferences } from '../ipc/views.ts';
import { preferencesSchema } from '../ipc/views.ts';

/** What a new device starts with. */
export const defaultPreferences: Preferences = {
  theme: 'system',
  contrast: 'system',
  density: 'comfortable',
  motion: 'system',
  messageScale: 1,
  sendWith: 'enter',
  language: 'system',
  notificationLevel: defaultNotificationSettings.level,
  notificationPreview: 'full',
  notificationSound: 'tide',
  badge: true,
  quietHours: defaultNotificationSettings.quietHours,
  closeToTray: true,
  startAtLogin: false,
  startHidden: true,
  linkPreviews: true,
  showShortcut: false,
  spelling: 'system',
  spellingLanguages: [],
  tourSeen: false,
};

const { shape } = preferencesSchema;

/** Reads the file's form: a value this version does not know falls back to its default, the others are kept. */
export const storedPreferencesSchema: z.ZodType<Preferences> = z.object({
  theme: shape.theme.catch(defaultPreferences.theme),
  contrast: shape.contrast.catch(defaultPreferences.contrast),
  density: shape.density.catch(defaultPreferences.density),
  motion: shape.motion.catch(defaultPreferences.motion),
  messageScale: shape.messageScale.catch(defaultPreferences.messageScale),
  sendWith: shape.sendWith.catch(defaultPreferences.sendWith),
  language: shape.language.catch(defaultPreferences.language),
  notificationPreview: shape.notificationPreview.catch(defaultPreferences.notificationPreview),
  closeToTray: shape.closeToTray.catch(defaultPreferences.closeToTray),
  notificationLevel: shape.notificationLevel.catch(defaultPreferences.notificationLevel),
  notificationSound: shape.notificationSound.catch(defaultPreferences.notificationSound),
  badge: shape.badge.catch(defaultPreferences.badge),
  quietHours: shape.quietHours.catch(defaultPreferences.quietHours),
  startAtLogin: shape.startAtLogin.catch(defaultPreferences.startAtLogin),
  startHidden: shape.startHidden.catch(defaultPreferences.startHidden),
  linkPreviews: shape.linkPreviews.catch(defaultPreferences.linkPreviews),
  showShortcut: shape.showShortcut.catch(defaultPreferences.showShortcut),
  spelling: shape.spelling.catch(defaultPreferences.spelling),
  spellingLanguages: shape.spellingLanguages.catch(defaultPreferences.spellingLanguages),
  tourSeen: shape.tourSeen.catch(defaultPreferences.tourSeen),
});

/** A change of some preferences, as `preferences.set` carries it. */
export type PreferencesChange = { readonly [K in keyof Preferences]?: Preferences[K] | undefined };

/** Applies a change; absent members stay. */
export function changePreferences(current: Preferences, change: PreferencesChange): Preferences {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return { ...current, ...given };
}
