/** The sentences main shows itself: menus, tray and notifications. The renderer has its own catalogue. */

const plural = new Intl.PluralRules('en');

/** Texts of the main process, in English. */
export const texts = {
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
  youHaveNewMessages: 'You have new messages',
  keepsRunning: 'Curlew keeps running so messages arrive. Change this in Settings.',
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
