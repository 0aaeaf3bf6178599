/** Texts of several accounts side by side. */
export const accountTexts = {
  accounts: {
    title: 'Accounts',
    lead: 'Each account keeps its own messages. All of them stay connected; the number on the app’s icon adds them up.',
    add: 'Add account…',
    open: 'Show',
    openNamed: 'Show {{name}}, {{server}}',
    shown: 'Shown now',
    onServer: ', {{server}}',
    needsSignIn: 'Sign in again',
    otherUnread_one: ', {{count}} unread conversation in other accounts',
    otherUnread_other: ', {{count}} unread conversations in other accounts',
    backTo: 'Back to {{name}}, {{server}}',
  },
} as const;
