/**
 * English source texts (en-US, sentence case, typographic apostrophes and …). Owns every word the renderer shows.
 * Plurals by `_one`/`_other`; dates, numbers and lists are formatted by `lib/format.ts`, never spelled here.
 */
import { accountTexts } from './en/accounts.ts';
import { advancedTexts } from './en/advanced.ts';
import { appTexts } from './en/app.ts';
import { conversationTexts } from './en/conversation.ts';
import { exportingTexts } from './en/exporting.ts';
import { firstRunTexts } from './en/first-run.ts';
import { groupTexts } from './en/groups.ts';
import { linkedTexts } from './en/linked.ts';
import { lifetimeTexts } from './en/lifetime.ts';
import { networkTexts } from './en/network.ts';
import { notificationTexts } from './en/notifications.ts';
import { organizationTexts } from './en/organization.ts';
import { pagesTexts } from './en/pages.ts';
import { privacyTexts } from './en/privacy.ts';
import { shortcutTexts } from './en/shortcuts.ts';
import { storageTexts } from './en/storage.ts';
import { commandTexts } from './en/commands.ts';
import { spellingTexts } from './en/spelling.ts';
import { threadTexts } from './en/threads.ts';
import { writingTexts } from './en/writing.ts';

/** All texts by screen. */
export const en = {
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
} as const;
