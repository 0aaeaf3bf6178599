import { describe, expect, it } from 'vitest';
import { findCommands, type Command } from './commands.ts';

const command = (id: string, name: string): Command => ({ id, name, run: () => undefined });
const all = [
  command('group', 'New group'),
  command('read', 'Mark all as read'),
  command('dark', 'Use the dark theme'),
  command('settings', 'Settings: Notifications'),
  command('ansicht', 'Ansicht für Gruppen'),
];
const ids = (query: string) => findCommands(all, query).map(({ id }) => id);

describe('commands', () => {
  it('are found by every word of the query, without case or accents', () => {
    expect(ids('group')).toEqual(['group']);
    expect(ids('GROUP new')).toEqual(['group']);
    expect(ids('fur gr')).toEqual(['ansicht']);
    expect(ids('new notifications')).toEqual([]);
  });

  it('come with those first whose words begin so', () => {
    expect(ids('ar')).toEqual(['read', 'dark']);
    expect(ids('no')).toEqual(['settings']);
    expect(ids('th')).toEqual(['dark']);
    // "Ansicht" begins with it; "Settings: Notifications" and the others have it inside or not at all.
    expect(ids('an')[0]).toBe('ansicht');
  });

  it('are all there for an empty query', () => {
    expect(ids(' ')).toHaveLength(all.length);
  });
});
