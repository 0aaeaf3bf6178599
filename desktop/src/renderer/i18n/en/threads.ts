/** Texts of threads and mentions. */
export const threadTexts = {
  thread: {
    title: 'Thread',
    back: 'Back to details',
    close: 'Close the thread',
    messages: 'Messages of the thread',
    label: 'Reply in the thread',
    placeholder: 'Reply in the thread',
    replies_one: '{{count}} reply',
    replies_other: '{{count}} replies',
    line: '{{replies}} · last {{time}}',
    none: 'No replies yet',
    older: 'Show earlier replies',
    gone: 'This message is not available.',
  },
  mention: {
    list: 'People to mention',
    count_one: '{{count}} person to mention',
    count_other: '{{count}} people to mention',
    everyone: 'Everybody in this conversation',
    askTitle_one: 'Notify all {{count}} people?',
    askTitle_other: 'Notify all {{count}} people?',
    askCancel: 'Don’t mention',
    askConfirm: 'Notify everybody',
  },
} as const;
