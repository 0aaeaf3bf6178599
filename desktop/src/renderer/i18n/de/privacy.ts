import type { Translated } from '../translation.ts';
import type { privacyTexts as source } from '../en/privacy.ts';

/** German texts about what others see of me. */
export const privacyTexts: Translated<typeof source> = {
  status: {
    title: 'Status',
    write: 'Status schreiben …',
    clear: 'Statustext löschen',
    quiet: { hour: '1 Stunde nicht stören', tomorrow: 'Bis morgen nicht stören' },
    text: 'Statustext',
    textHelp: 'Steht statt „Online“ oder „Abwesend“ da, auch während du offline bist.',
    tooLong: 'Ein Status hat Platz für etwa 200 Zeichen.',
    until: 'Löschen',
    times: {
      never: 'Wenn ich ihn ändere',
      halfHour: 'In 30 Minuten',
      hour: 'In 1 Stunde',
      fourHours: 'In 4 Stunden',
      today: 'Am Ende des Tages',
      week: 'Am Ende der Woche',
    },
    save: 'Status setzen',
  },
  privacy: {
    title: 'Privatsphäre',
    lead: 'Was andere von dir sehen können, auf all deinen Geräten.',
    others: 'Was andere sehen',
    presence: 'Anwesenheit',
    presenceHelp: 'Online, abwesend, nicht stören und dein Statustext. Für alle anderen bist du offline.',
    lastSeen: 'Zuletzt gesehen',
    lastSeenHelp: 'Wann du zuletzt online warst',
    readReceipts: 'Lesebestätigungen',
    readReceiptsHelp:
      'Ausgeschaltet sehen andere, dass eine Nachricht zugestellt wurde, aber nicht, dass du sie gelesen hast',
    typing: 'Schreibanzeige',
    audience: {
      organizations: 'Meine Organisationen',
      conversations: 'Personen, mit denen ich spreche',
      nobody: 'Niemand',
    },
  },
};
