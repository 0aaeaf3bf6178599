/** Texts of conversations linked to items of other systems, and of announcements. */
export const linkedTexts = {
  linked: {
    header: 'Linked to {{id}} · {{members}}',
    kind: 'Linked conversation',
    bar: 'Linked item',
    open: 'Open in browser',
    openShort: 'Open',
    copy: 'Copy link',
    copied: 'Link copied',
    removed: 'This item is no longer available',
    refused: 'This link can’t be opened.',
    status: 'Status: {{status}}',
    close: 'Close conversation',
    closeHelp: 'Nobody can write until it is opened again.',
    reopen: 'Reopen conversation',
    refusedChange: 'Couldn’t change the conversation. It was put back as before.',
    announcement: 'Announcements · {{members}}',
    announcementSites_one: 'Announcements · {{members}} in {{count}} site',
    announcementSites_other: 'Announcements · {{members}} in {{count}} sites',
  },
} as const;
