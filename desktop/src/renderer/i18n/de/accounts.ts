import type { Translated } from '../translation.ts';
import type { accountTexts as source } from '../en/accounts.ts';

/** German texts of several accounts. */
export const accountTexts: Translated<typeof source> = {
  accounts: {
    title: 'Konten',
    lead: 'Jedes Konto hat seine eigenen Nachrichten. Alle bleiben verbunden; die Zahl am Symbol der App zählt sie zusammen.',
    add: 'Konto hinzufügen …',
    open: 'Zeigen',
    openNamed: '{{name}} zeigen, {{server}}',
    shown: 'Wird gezeigt',
    onServer: ', {{server}}',
    needsSignIn: 'Neu anmelden',
    otherUnread_one: ', {{count}} ungelesene Unterhaltung in anderen Konten',
    otherUnread_other: ', {{count}} ungelesene Unterhaltungen in anderen Konten',
    backTo: 'Zurück zu {{name}}, {{server}}',
  },
};
