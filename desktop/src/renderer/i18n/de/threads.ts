import type { Translated } from '../translation.ts';
import type { threadTexts as source } from '../en/threads.ts';

/** German texts of threads and mentions. */
export const threadTexts: Translated<typeof source> = {
  thread: {
    title: 'Thread',
    back: 'Zurück zu den Details',
    close: 'Thread schließen',
    messages: 'Nachrichten des Threads',
    label: 'Im Thread antworten',
    placeholder: 'Im Thread antworten',
    replies_one: '{{count}} Antwort',
    replies_other: '{{count}} Antworten',
    withNew: '{{replies}}, {{count}} neu',
    new_one: '{{count}} neue Antwort',
    new_other: '{{count}} neue Antworten',
    unreadLabel_one: '{{count}} neue Antwort in Threads. Den Thread öffnen',
    unreadLabel_other: '{{count}} neue Antworten in Threads. Den ersten Thread öffnen',
    line: '{{replies}} · zuletzt {{time}}',
    none: 'Noch keine Antworten',
    older: 'Frühere Antworten zeigen',
    gone: 'Diese Nachricht ist nicht verfügbar.',
  },
  mention: {
    list: 'Personen zum Erwähnen',
    count_one: '{{count}} Person zum Erwähnen',
    count_other: '{{count}} Personen zum Erwähnen',
    everyone: 'Alle in dieser Unterhaltung',
    here: 'Alle hier, die online sind',
    site_one: 'Standort, hier {{count}} Person',
    site_other: 'Standort, hier {{count}} Personen',
    unit_one: 'Bereich, hier {{count}} Person',
    unit_other: 'Bereich, hier {{count}} Personen',
    askTitle_one: '{{count}} Person benachrichtigen?',
    askTitle_other: '{{count}} Personen benachrichtigen?',
    askCancel: 'Weiterschreiben',
    askConfirm: 'Senden und benachrichtigen',
  },
};
