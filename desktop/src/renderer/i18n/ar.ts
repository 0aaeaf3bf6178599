/** Arabic: Modern Standard, addressed in the neutral masculine singular as its software usually does. */
import type { Translation } from './translation.ts';
import { accountTexts } from './ar/accounts.ts';
import { advancedTexts } from './ar/advanced.ts';
import { appTexts } from './ar/app.ts';
import { conversationTexts } from './ar/conversation.ts';
import { errorTexts } from './ar/errors.ts';
import { exportingTexts } from './ar/exporting.ts';
import { firstRunTexts } from './ar/first-run.ts';
import { groupTexts } from './ar/groups.ts';
import { linkedTexts } from './ar/linked.ts';
import { lifetimeTexts } from './ar/lifetime.ts';
import { networkTexts } from './ar/network.ts';
import { notificationTexts } from './ar/notifications.ts';
import { organizationTexts } from './ar/organization.ts';
import { pagesTexts } from './ar/pages.ts';
import { privacyTexts } from './ar/privacy.ts';
import { shortcutTexts } from './ar/shortcuts.ts';
import { storageTexts } from './ar/storage.ts';
import { commandTexts } from './ar/commands.ts';
import { spellingTexts } from './ar/spelling.ts';
import { threadTexts } from './ar/threads.ts';
import { writingTexts } from './ar/writing.ts';

/** All texts by screen. */
export const ar: Translation = {
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
