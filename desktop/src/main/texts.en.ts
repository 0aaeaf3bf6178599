/** The sentences of the main process in English, from which the others are translated. */

const plural = new Intl.PluralRules('en');

/** See the file comment. */
export const english = {
  appName: 'Curlew',
  openApp: 'Open Curlew',
  newConversation: 'New conversation',
  settings: 'Settings',
  closeWindow: 'Close window',
  quit: 'Quit Curlew',
  fileMenu: 'File',
  editMenu: 'Edit',
  viewMenu: 'View',
  goMenu: 'Go',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  pastePlain: 'Paste without formatting',
  selectAll: 'Select all',
  copyLink: 'Copy link address',
  noSuggestions: 'No suggestions',
  addToDictionary: 'Add to dictionary',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  zoomReset: 'Actual size',
  fullScreen: 'Full screen',
  chats: 'Chats',
  linked: 'Linked items',
  announcements: 'Announcements',
  people: 'People',
  outbox: 'Outbox',
  reload: 'Reload',
  developerTools: 'Developer tools',
  newMessage: 'New message',
  newPrivateMessage: 'New private message',
  open: 'Open',
  reply: 'Reply',
  replyPlaceholder: 'Write a reply…',
  markRead: 'Mark as read',
  muteHour: 'Mute 1 h',
  replyFailed: 'Your reply was not sent. Write it in the conversation.',
  newMessageMenu: 'New message…',
  nextUnread: (title: string) => `Next unread: ${title}`,
  nothingUnread: 'Nothing unread',
  online: 'Online',
  away: 'Away',
  offline: 'Offline',
  doNotDisturb: 'Do not disturb',
  doNotDisturbOn: 'Do not disturb (on)',
  forHour: 'For 1 hour',
  untilTomorrow: 'Until tomorrow',
  untilTurnedOff: 'Until I turn it off',
  outboxWaiting: (count: number) => (count === 0 ? 'Outbox' : `Outbox: ${count} waiting`),
  notSent: (count: number) =>
    plural.select(count) === 'one'
      ? 'A message wasn’t sent. Open the outbox.'
      : `${count} messages weren’t sent. Open the outbox.`,
  testNotification: 'This is how a notification of Curlew looks.',
  youHaveNewMessages: 'You have new messages',
  keepsRunning: 'Curlew keeps running so messages arrive. Change this in Settings.',
  noAccountOn: (host: string) =>
    `This link belongs to ${host}. Add your account there first, then open the link again.`,
  recovered: 'Curlew had a problem and recovered. Your messages are safe.',
  unread: (count: number) =>
    plural.select(count) === 'one' ? '1 unread conversation' : `${count} unread conversations`,
  newMessages: (count: number) =>
    plural.select(count) === 'one' ? '1 new message' : `${count} new messages`,
  andMore: (count: number) =>
    plural.select(count) === 'one' ? 'and 1 more message' : `and ${count} more messages`,
  unsentFile: 'Unsent messages of Curlew',
  unsentKind: { message: 'Message', edit: 'Edit of a message', draft: 'Draft' },
  unknownConversation: 'Unknown conversation',
  summary: (messages: number, conversations: number) =>
    `${messages} new messages in ${conversations} conversations`,
} as const;

type Worded<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Worded<T[K]>;
};

/** What a language has to say. */
export type MainTexts = Worded<typeof english>;
