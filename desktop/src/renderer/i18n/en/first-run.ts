/** Texts of the first minutes: an invitation that came by a link, the tour. */
export const firstRunTexts = {
  invitation: {
    title: 'Join this organization?',
    body: 'You opened an invitation on this server. Joining shows your name to the people of the organization; your account stays as it is.',
    elsewhereTitle: 'This invitation is for {{server}}',
    elsewhereBody:
      'You’re signed in to {{server}}. To use the invitation, choose Add account in Settings > Account and open the link again there. If you sign out instead, the form to join opens by itself.',
    toAccount: 'Go to account settings',
    dismiss: 'Don’t use it',
    createLead: 'Your invitation is filled in. Tell who you are.',
    signInLead: 'Sign in with your account on this server. You’re asked about the invitation then.',
    badLink: 'This link can’t be opened: it is incomplete or meant for a newer version. Ask for it again.',
  },
  tour: {
    label: 'Tour of Curlew',
    step: '{{step}} of {{total}}',
    skip: 'Skip',
    close: 'Close',
    back: 'Back',
    next: 'Next',
    done: 'Done',
    list: {
      title: 'What is new, at a glance',
      text: 'The list holds your conversations. Marks say what waits for you, and how far your own messages got.',
      unread: 'unread messages',
      mention: 'you are mentioned',
      sent: 'on the server',
      delivered: 'on their device',
      read: 'read',
    },
    outbox: {
      title: 'Writing works offline',
      text: 'Without a network you write, react and edit as always. It waits in the Outbox, where you can still change it, and goes out by itself.',
    },
    search: {
      title: 'Jump anywhere',
      text: 'Find people, conversations and messages on this device while you type.',
    },
    quiet: {
      title: 'Quiet when you need it',
      text: 'Choose what notifies you, set quiet hours, or press your picture for Do not disturb. A conversation can have its own rule.',
      open: 'Open notification settings',
    },
    settings: {
      title: 'Make it yours',
      text: 'Looks, language, devices and privacy are in Settings. All of Curlew works from the keyboard.',
    },
    keys: {
      outbox: 'opens the Outbox',
      search: 'searches from everywhere',
      settings: 'opens Settings',
      shortcuts: 'lists every shortcut',
    },
    again: 'Tour',
    againHelp: 'Five short steps through what Curlew does.',
    show: 'Show the tour again',
  },
  alone: {
    title: 'Nobody else is here yet',
    invite: 'Invite the people you work with: they get a link that opens Curlew with everything filled in.',
    ask: 'Owners and admins invite people. They appear here as they join.',
  },
} as const;
