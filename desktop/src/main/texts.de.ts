/** The sentences of the main process in German. */
import type { MainTexts } from './texts.en.ts';

const plural = new Intl.PluralRules('de');
const isOne = (count: number): boolean => plural.select(count) === 'one';

/** See the file comment. */
export const german: MainTexts = {
  appName: 'Curlew',
  openApp: 'Curlew öffnen',
  newConversation: 'Neue Unterhaltung',
  settings: 'Einstellungen',
  closeWindow: 'Fenster schließen',
  quit: 'Curlew beenden',
  fileMenu: 'Datei',
  editMenu: 'Bearbeiten',
  viewMenu: 'Ansicht',
  goMenu: 'Gehe zu',
  zoomIn: 'Vergrößern',
  zoomOut: 'Verkleinern',
  zoomReset: 'Originalgröße',
  fullScreen: 'Vollbild',
  chats: 'Chats',
  linked: 'Verknüpfte Vorgänge',
  announcements: 'Ankündigungen',
  people: 'Personen',
  outbox: 'Ausgang',
  reload: 'Neu laden',
  developerTools: 'Entwicklerwerkzeuge',
  newMessage: 'Neue Nachricht',
  youHaveNewMessages: 'Du hast neue Nachrichten',
  newPrivateMessage: 'Neue private Nachricht',
  open: 'Öffnen',
  reply: 'Antworten',
  replyPlaceholder: 'Antwort schreiben …',
  markRead: 'Als gelesen markieren',
  muteHour: '1 Std. stumm',
  replyFailed: 'Deine Antwort wurde nicht gesendet. Schreibe sie in der Unterhaltung.',
  testNotification: 'So sieht eine Benachrichtigung von Curlew aus.',
  newMessageMenu: 'Neue Nachricht …',
  nextUnread: (title) => `Nächste ungelesene: ${title}`,
  nothingUnread: 'Nichts ungelesen',
  online: 'Online',
  away: 'Abwesend',
  offline: 'Offline',
  doNotDisturb: 'Nicht stören',
  doNotDisturbOn: 'Nicht stören (an)',
  forHour: 'Für 1 Stunde',
  untilTomorrow: 'Bis morgen',
  untilTurnedOff: 'Bis ich es ausschalte',
  outboxWaiting: (count) => (count === 0 ? 'Ausgang' : `Ausgang: ${count} wartend`),
  notSent: (count) =>
    isOne(count)
      ? 'Eine Nachricht wurde nicht gesendet. Öffne den Ausgang.'
      : `${count} Nachrichten wurden nicht gesendet. Öffne den Ausgang.`,
  keepsRunning:
    'Curlew läuft weiter, damit Nachrichten ankommen. Das lässt sich in den Einstellungen ändern.',
  noAccountOn: (host) =>
    `Dieser Link gehört zu ${host}. Füge zuerst dein Konto dort hinzu und öffne den Link dann noch einmal.`,
  recovered: 'Curlew hatte ein Problem und hat sich erholt. Deine Nachrichten sind sicher.',
  unread: (count) => (isOne(count) ? '1 ungelesene Unterhaltung' : `${count} ungelesene Unterhaltungen`),
  newMessages: (count) => (isOne(count) ? '1 neue Nachricht' : `${count} neue Nachrichten`),
  andMore: (count) => (isOne(count) ? 'und 1 weitere Nachricht' : `und ${count} weitere Nachrichten`),
  unsentFile: 'Nicht gesendete Nachrichten von Curlew',
  unsentKind: { message: 'Nachricht', edit: 'Änderung einer Nachricht', draft: 'Entwurf' },
  unknownConversation: 'Unbekannte Unterhaltung',
  summary: (messages, conversations) => `${messages} neue Nachrichten in ${conversations} Unterhaltungen`,
};
