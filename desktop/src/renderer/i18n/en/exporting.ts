/**
 * Texts of exports: of the app, and (`pages`) the words in the exported pages, where `{…}` stands for what the core puts in.
 */
export const exportingTexts = {
  exporting: {
    title: 'Export',
    account: 'Export messages',
    accountHelp: 'All messages this device holds, as pages and as JSON. Works without a network.',
    conversation: 'Export…',
    start: 'Export…',
    progress: '{{percent}} %',
    progressLabel: 'Export in progress',
    cancel: 'Cancel export',
    done_one: '{{count}} message was saved in {{folder}}.',
    done_other: '{{count}} messages were saved in {{folder}}.',
    failed: 'The export could not be finished. {{reason}}',
    pages: {
      title: 'Curlew',
      exportedAt: 'Exported on {date}.',
      whole: 'Everything that was said up to then is in this file.',
      heldSince: 'What was said before {date} is not in this file: this device did not hold it.',
      heldNothing: 'Nothing of this conversation is in this file: this device did not hold it.',
      gap: 'Some messages are missing here: this device did not hold them.',
      messages: '{count} messages',
      deleted: 'deleted',
      edited: 'edited',
      reply: 'reply',
      unknownPerson: 'Unknown person',
      back: 'All conversations',
      notices: {
        title: '{name} named the conversation {other}',
        pin: '{name} changed what is pinned',
        status: '{name} set the state to {other}',
        closed: '{name} closed or opened the conversation',
        ttl: '{name} changed how long messages stay',
        joined: '{name} added {other}',
        left: '{other} left',
        role: '{name} changed the role of {other}',
      },
    },
  },
} as const;
