import type { SettingsPage } from './navigation.ts';

/** Names of the texts that say what the pages are called; those with texts of their own bring their title along. */
const titles = {
  account: 'settings.account',
  organization: 'settings.organization',
  devices: 'settings.devices',
  privacy: 'settings.privacy',
  notifications: 'notifications.title',
  appearance: 'settings.appearance',
  keyboard: 'settings.keyboard',
  storage: 'storage.title',
  network: 'network.title',
  advanced: 'advanced.title',
  about: 'settings.about',
} as const satisfies Record<SettingsPage, string>;

/** Name of the text that says what a page of Settings is called. */
export function settingsTitle(page: SettingsPage) {
  return titles[page];
}
