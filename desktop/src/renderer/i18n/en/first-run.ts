/** Texts of the first minutes: an invitation that came by a link. */
export const firstRunTexts = {
  invitation: {
    title: 'Join this organization?',
    body: 'You opened an invitation on this server. Joining shows your name to the people of the organization; your account stays as it is.',
    elsewhereTitle: 'This invitation is for {{server}}',
    elsewhereBody:
      'You’re signed in to {{server}}. To use the invitation, sign out in Settings > Account; the form to join opens then. Or ask for an invitation on your own server.',
    toAccount: 'Go to account settings',
    dismiss: 'Don’t use it',
    createLead: 'Your invitation is filled in. Tell who you are.',
    signInLead: 'Sign in with your account on this server. You’re asked about the invitation then.',
    badLink: 'This link can’t be opened: it is incomplete or meant for a newer version. Ask for it again.',
  },
} as const;
