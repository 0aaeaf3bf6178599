/** Texts of the commands that the switcher finds by name. */
export const commandTexts = {
  commands: {
    heading: 'Actions',
    hint: 'Only actions',
    newDirect: 'New direct message',
    newGroup: 'New group',
    newLinked: 'New conversation about an item',
    goTo: 'Go to {{place}}',
    settings: 'Settings: {{page}}',
    dark: 'Use the dark theme',
    light: 'Use the light theme',
    undisturbed: 'Do not disturb: off',
    updates: 'Look for updates',
  },
} as const;
