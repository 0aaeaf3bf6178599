import type { Translated } from '../translation.ts';
import type { firstRunTexts as source } from '../en/first-run.ts';

/** German texts of the first minutes. */
export const firstRunTexts: Translated<typeof source> = {
  invitation: {
    title: 'Dieser Organisation beitreten?',
    body: 'Du hast eine Einladung auf diesem Server geöffnet. Wenn du beitrittst, sehen die Leute der Organisation deinen Namen; dein Konto bleibt, wie es ist.',
    elsewhereTitle: 'Diese Einladung gilt für {{server}}',
    elsewhereBody:
      'Du bist bei {{server}} angemeldet. Um die Einladung zu nutzen, wähle unter Einstellungen > Konto „Konto hinzufügen“ und öffne den Link dort noch einmal. Meldest du dich stattdessen ab, öffnet sich das Formular zum Beitreten von selbst.',
    toAccount: 'Zu den Kontoeinstellungen',
    dismiss: 'Nicht nutzen',
    createLead: 'Deine Einladung ist eingetragen. Sag noch, wer du bist.',
    signInLead:
      'Melde dich mit deinem Konto auf diesem Server an. Danach wirst du nach der Einladung gefragt.',
    badLink:
      'Dieser Link lässt sich nicht öffnen: Er ist unvollständig oder für eine neuere Version. Lass ihn dir noch einmal schicken.',
  },
  tour: {
    label: 'Rundgang durch Curlew',
    step: '{{step}} von {{total}}',
    skip: 'Überspringen',
    close: 'Schließen',
    back: 'Zurück',
    next: 'Weiter',
    done: 'Fertig',
    list: {
      title: 'Neues auf einen Blick',
      text: 'In der Liste stehen deine Unterhaltungen. Zeichen sagen, was auf dich wartet und wie weit deine eigenen Nachrichten gekommen sind.',
      unread: 'ungelesene Nachrichten',
      mention: 'du wirst erwähnt',
      sent: 'auf dem Server',
      delivered: 'auf dem anderen Gerät',
      read: 'gelesen',
    },
    outbox: {
      title: 'Schreiben geht auch offline',
      text: 'Ohne Netz schreibst, reagierst und bearbeitest du wie immer. Es wartet im Ausgang, wo du es noch ändern kannst, und geht von selbst hinaus.',
    },
    search: {
      title: 'Spring überallhin',
      text: 'Finde Personen, Unterhaltungen und Nachrichten auf diesem Gerät, während du tippst.',
    },
    quiet: {
      title: 'Ruhe, wenn du sie brauchst',
      text: 'Wähle, was dich benachrichtigt, lege Ruhezeiten fest oder drücke auf dein Bild für „Nicht stören“. Eine Unterhaltung kann ihre eigene Regel haben.',
      open: 'Einstellungen für Benachrichtigungen öffnen',
    },
    settings: {
      title: 'Mach es zu deinem',
      text: 'Aussehen, Sprache, Geräte und Privatsphäre stehen in den Einstellungen. Ganz Curlew lässt sich mit der Tastatur bedienen.',
    },
    keys: {
      outbox: 'öffnet den Ausgang',
      search: 'sucht von überall',
      settings: 'öffnet die Einstellungen',
      shortcuts: 'zeigt alle Tastenkürzel',
    },
    again: 'Rundgang',
    againHelp: 'Fünf kurze Schritte durch das, was Curlew kann.',
    show: 'Rundgang noch einmal zeigen',
  },
  alone: {
    title: 'Hier ist noch niemand sonst',
    invite:
      'Lade die Leute ein, mit denen du arbeitest: Sie bekommen einen Link, der Curlew mit allen Angaben öffnet.',
    ask: 'Inhaber und Verwalter laden Leute ein. Wer beitritt, erscheint hier.',
  },
};
