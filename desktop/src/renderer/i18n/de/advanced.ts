import type { Translated } from '../translation.ts';
import type { advancedTexts as source } from '../en/advanced.ts';

/** German texts of Settings > Advanced. */
export const advancedTexts: Translated<typeof source> = {
  advanced: {
    title: 'Erweitert',
    lead: 'Für dich und alle, die dir helfen, wenn etwas nicht funktioniert.',
    report: 'Diagnose',
    reportTitle: 'Diagnosebericht',
    reportHelp:
      'Eine Datei für alle, die dir helfen. Du liest sie hier, bevor sie gespeichert wird; nichts wird gesendet.',
    holds: 'Er enthält',
    holdsList: {
      versions: 'Versionen von Curlew, seinen Teilen und diesem System',
      connection: 'Wie Curlew verbunden ist, die Art des Proxys und den letzten Fehler',
      numbers:
        'Wie viele Nachrichten, Unterhaltungen und wartende Änderungen es gibt, wie groß die Dateien sind und ob sie heil sind',
      settings: 'Einstellungen, die Schalter oder Auswahlen sind',
      log: 'Die neuesten Zeilen des Protokolls, mit anderen Namen statt der Kennungen',
    },
    leavesOut: 'Er lässt Nachrichten, Entwürfe, Namen, Titel, Adressen, Token und Passwörter weg.',
    make: 'Bericht zeigen …',
    making: 'Der Bericht wird erstellt …',
    save: 'Speichern …',
    saved: 'Bericht gespeichert',
    failed: 'Der Bericht wurde nicht gespeichert. {{reason}}',
    content: 'Was der Bericht enthält',
    folders: 'Ordner',
    data: 'Datenordner',
    dataHelp:
      'Nachrichten, Einstellungen und was wartet, alles in Dateien. Ändere dort nichts, während Curlew läuft.',
    logs: 'Protokollordner',
    logsHelp: 'Was Curlew getan hat, in Kennungen und Codes. Enthält keine Nachrichten.',
    openData: 'Datenordner öffnen',
    openLogs: 'Protokollordner öffnen',
    open: 'Öffnen',
    notOpened: 'Der Ordner kann nicht geöffnet werden.',
  },
};
