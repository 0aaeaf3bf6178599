import type { Translated } from '../translation.ts';
import type { commandTexts as source } from '../en/commands.ts';

/** German texts of the commands that the switcher finds by name. */
export const commandTexts: Translated<typeof source> = {
  commands: {
    heading: 'Aktionen',
    hint: 'Nur Aktionen',
    newDirect: 'Neue Direktnachricht',
    newGroup: 'Neue Gruppe',
    newLinked: 'Neue Unterhaltung zu einem Vorgang',
    goTo: 'Gehe zu {{place}}',
    settings: 'Einstellungen: {{page}}',
    dark: 'Dunkle Farben verwenden',
    light: 'Helle Farben verwenden',
    undisturbed: 'Nicht stören: aus',
    updates: 'Nach Updates suchen',
  },
};
