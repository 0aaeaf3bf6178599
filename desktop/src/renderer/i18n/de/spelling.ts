import type { Translated } from '../translation.ts';
import type { spellingTexts as source } from '../en/spelling.ts';

/** German texts about spell checking. */
export const spellingTexts: Translated<typeof source> = {
  spelling: {
    title: 'Rechtschreibung',
    check: 'Rechtschreibung prüfen',
    off: 'Aus',
    system: 'In den Sprachen des Systems',
    chosen: 'In Sprachen, die ich wähle',
    now: 'Geprüft wird: {{languages}}.',
    fromComputer:
      'Mit den Wörterbüchern auf diesem Computer. Nichts Geschriebenes verlässt ihn, und nichts wird heruntergeladen.',
    fromSystem: 'Mit der Rechtschreibprüfung des Systems. Nichts wird heruntergeladen.',
    noDictionaries:
      'Auf diesem Computer wurde kein Wörterbuch gefunden. Installiere eines aus der Software deines Systems, zum Beispiel „hunspell-de-de“, und starte Curlew neu.',
    refused: 'Curlew kann das Wörterbuch dieser Sprache auf diesem Computer nicht verwenden.',
  },
};
