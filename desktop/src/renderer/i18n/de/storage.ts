import type { Translated } from '../translation.ts';
import type { storageTexts as source } from '../en/storage.ts';

/** German texts of Settings > Storage. */
export const storageTexts: Translated<typeof source> = {
  storage: {
    title: 'Speicher',
    lead: 'Was Curlew auf diesem Gerät aufbewahrt, damit alles sofort aufgeht.',
    total: 'auf diesem Gerät, {{free}} frei',
    totalOnly: 'auf diesem Gerät',
    measuring: 'Wird gezählt …',
    parts: {
      messages: 'Nachrichten und Unterhaltungen',
      search: 'Suchindex',
      outbox: 'Postausgang, Entwürfe und ihre Reserve',
      logs: 'Protokolle',
      app: 'Die App selbst',
    },
    conversations: 'Unterhaltungen',
    conversationsNote:
      'Was die Nachrichten jeder Unterhaltung hier etwa belegen. Gezeigt werden höchstens die 50 größten.',
    messages_one: '{{count}} Nachricht',
    messages_other: '{{count}} Nachrichten',
    unnamed: 'Unterhaltung ohne Namen',
    none: 'Auf diesem Gerät sind keine Nachrichten.',
    progress: 'Nachrichten werden gezählt, {{percent}} % fertig',
    cleanUp: 'Aufräumen',
    clear: 'Cache leeren',
    clearHelp:
      'Macht etwa {{size}} frei. Was der Server hat, wird neu geladen; Postausgang, Entwürfe und Anmeldung bleiben.',
    clearAct: 'Leeren …',
    askTitle: 'Den Cache leeren?',
    askBody:
      'Nachrichten werden von diesem Gerät entfernt und neu vom Server geladen. Postausgang, Entwürfe und Anmeldung bleiben.',
    askOffline:
      'Du bist gerade offline: Deine Unterhaltungen kommen zurück, sobald dieses Gerät wieder verbunden ist.',
    keep: 'Behalten',
    clearNow: 'Cache leeren',
    cleared: 'Cache geleert. Die Unterhaltungen werden neu geladen.',
    clearedOffline: 'Cache geleert. Die Unterhaltungen kommen zurück, sobald du verbunden bist.',
    failed: 'Der Cache wurde nicht geleert. {{reason}}',
  },
};
