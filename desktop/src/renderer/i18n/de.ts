/** German: informal "du", typographic quotes, role names in their short form. */
import type { Translation } from './translation.ts';
import { accountTexts } from './de/accounts.ts';
import { advancedTexts } from './de/advanced.ts';
import { appTexts } from './de/app.ts';
import { conversationTexts } from './de/conversation.ts';
import { errorTexts } from './de/errors.ts';
import { exportingTexts } from './de/exporting.ts';
import { firstRunTexts } from './de/first-run.ts';
import { groupTexts } from './de/groups.ts';
import { linkedTexts } from './de/linked.ts';
import { lifetimeTexts } from './de/lifetime.ts';
import { networkTexts } from './de/network.ts';
import { notificationTexts } from './de/notifications.ts';
import { organizationTexts } from './de/organization.ts';
import { pagesTexts } from './de/pages.ts';
import { privacyTexts } from './de/privacy.ts';
import { shortcutTexts } from './de/shortcuts.ts';
import { storageTexts } from './de/storage.ts';
import { commandTexts } from './de/commands.ts';
import { spellingTexts } from './de/spelling.ts';
import { threadTexts } from './de/threads.ts';
import { writingTexts } from './de/writing.ts';

/** All texts by screen. */
export const de: Translation = {
  ...accountTexts,
  ...advancedTexts,
  ...appTexts,
  ...conversationTexts,
  ...exportingTexts,
  ...firstRunTexts,
  ...groupTexts,
  ...linkedTexts,
  ...lifetimeTexts,
  ...networkTexts,
  ...notificationTexts,
  ...organizationTexts,
  ...pagesTexts,
  ...privacyTexts,
  ...commandTexts,
  ...spellingTexts,
  ...shortcutTexts,
  ...storageTexts,
  ...threadTexts,
  ...writingTexts,
  errors: errorTexts,
};
