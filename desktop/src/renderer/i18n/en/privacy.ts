/** Texts about what others see of me: the status I choose, and who sees it. */
export const privacyTexts = {
  status: {
    title: 'Status',
    write: 'Write a status…',
    clear: 'Clear status text',
    quiet: { hour: 'Do not disturb for 1 hour', tomorrow: 'Do not disturb until tomorrow' },
    text: 'Status text',
    textHelp: 'Shown instead of “Online” or “Away”, also while you’re offline.',
    tooLong: 'A status has room for about 200 characters.',
    until: 'Clear it',
    times: {
      never: 'When I change it',
      halfHour: 'In 30 minutes',
      hour: 'In 1 hour',
      fourHours: 'In 4 hours',
      today: 'At the end of today',
      week: 'At the end of the week',
    },
    save: 'Set status',
  },
  privacy: {
    title: 'Privacy',
    lead: 'What others can see of you, on all your devices.',
    others: 'What others see',
    presence: 'Presence',
    presenceHelp: 'Online, away, do not disturb and your status text. To everybody else you’re offline.',
    lastSeen: 'Last seen',
    lastSeenHelp: 'When you were last online',
    readReceipts: 'Read receipts',
    readReceiptsHelp: 'When off, others see that a message was delivered, but not that you read it',
    typing: 'Typing indicator',
    audience: {
      organizations: 'My organizations',
      conversations: 'People I talk with',
      nobody: 'Nobody',
    },
  },
} as const;
