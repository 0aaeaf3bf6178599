import type { Translated } from '../translation.ts';
import type { exportingTexts as source } from '../en/exporting.ts';

/** German texts of exports. */
export const exportingTexts: Translated<typeof source> = {
  exporting: {
    title: 'Export',
    account: 'Nachrichten exportieren',
    accountHelp: 'Alle Nachrichten auf diesem Gerät, als Seiten und als JSON. Geht auch ohne Netz.',
    conversation: 'Exportieren…',
    start: 'Exportieren…',
    progress: '{{percent}} %',
    progressLabel: 'Export läuft',
    cancel: 'Export abbrechen',
    done_one: '{{count}} Nachricht wurde in {{folder}} gespeichert.',
    done_other: '{{count}} Nachrichten wurden in {{folder}} gespeichert.',
    failed: 'Der Export wurde nicht fertig. {{reason}}',
    pages: {
      title: 'Curlew',
      exportedAt: 'Exportiert am {date}.',
      whole: 'Alles, was bis dahin gesagt wurde, steht in dieser Datei.',
      heldSince: 'Was vor {date} gesagt wurde, fehlt in dieser Datei: Dieses Gerät hatte es nicht.',
      heldNothing: 'Nichts aus dieser Unterhaltung steht in dieser Datei: Dieses Gerät hatte es nicht.',
      gap: 'Hier fehlen Nachrichten: Dieses Gerät hatte sie nicht.',
      messages: '{count} Nachrichten',
      deleted: 'gelöscht',
      edited: 'bearbeitet',
      reply: 'Antwort',
      unknownPerson: 'Unbekannte Person',
      back: 'Alle Unterhaltungen',
      notices: {
        title: '{name} hat die Unterhaltung {other} genannt',
        pin: '{name} hat geändert, was angeheftet ist',
        status: '{name} hat den Status auf {other} gesetzt',
        closed: '{name} hat die Unterhaltung geschlossen oder geöffnet',
        ttl: '{name} hat geändert, wie lange Nachrichten bleiben',
        joined: '{name} hat {other} hinzugefügt',
        left: '{other} ist nicht mehr dabei',
        role: '{name} hat die Rolle von {other} geändert',
      },
    },
  },
};
