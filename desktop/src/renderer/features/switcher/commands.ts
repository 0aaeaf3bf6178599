/**
 * What can be done from anywhere, for the switcher to find by name. Owns the list and how a name is found; what each
 * does stands where the same is offered with a button or a key.
 */
import { foldText } from '@curlew/shared/domain/search.ts';
import type { TFunction } from 'i18next';
import type { AccountMeta } from '../../../ipc/views.ts';
import { untilTimes } from '../../../ipc/status-times.ts';
import { tell } from '../../lib/bridge.ts';
import { markAllRead } from '../../lib/conversation-actions.ts';
import { startExport } from '../../lib/export-run.ts';
import {
  askSignOut,
  navigation,
  openAccountMenu,
  openDialog,
  openFind,
  openSearch,
  settingsPages,
  showSection,
  showSettings,
  startConversation,
  toggleDetails,
} from '../../lib/navigation.ts';
import { setOwnStatus } from '../../lib/own-status.ts';
import { settingsTitle } from '../../lib/settings-titles.ts';
import { setPreferences } from '../../lib/set-preferences.ts';

/** A command with the name it is found by. */
export interface Command {
  readonly id: string;
  readonly name: string;
  /** The shortcut that does the same. */
  readonly keys?: string;
  run(): void;
}

/** Hits of a query; asked for alone, all are shown. */
const HITS = 5;
const sections = ['chats', 'linked', 'announcements', 'people', 'outbox', 'saved'] as const;

/** All of them, in the order in which they are shown when nothing is asked for. */
export function commandsOf(t: TFunction, status: AccountMeta['status']): readonly Command[] {
  const isDark = document.documentElement.dataset['theme'] === 'dark';
  const isQuiet = status?.state === 'dnd';
  const text = status?.text === undefined ? {} : { text: status.text };
  return [
    { id: 'direct', name: t('commands.newDirect'), keys: 'Ctrl+N', run: () => openDialog('newConversation') },
    { id: 'group', name: t('commands.newGroup'), run: () => startConversation({ kind: 'group' }) },
    { id: 'newLinked', name: t('commands.newLinked'), run: () => startConversation({ kind: 'linked' }) },
    isQuiet
      ? {
          id: 'undisturbed',
          name: t('commands.undisturbed'),
          run: () =>
            void setOwnStatus('text' in text ? { state: 'online', untilMs: status.untilMs, ...text } : null),
        }
      : {
          id: 'quiet',
          name: t('status.quiet.hour'),
          run: () => void setOwnStatus({ state: 'dnd', untilMs: untilTimes.hour(Date.now()), ...text }),
        },
    { id: 'read', name: t('shortcuts.markAllRead'), keys: 'Shift+Esc', run: markAllRead },
    {
      id: 'theme',
      name: t(isDark ? 'commands.light' : 'commands.dark'),
      run: () => setPreferences({ theme: isDark ? 'light' : 'dark' }),
    },
    { id: 'search', name: t('shortcuts.search'), keys: 'Ctrl+Shift+F', run: openSearch },
    ...(navigation.get().conversationId === null
      ? []
      : [
          { id: 'find', name: t('shortcuts.find'), keys: 'Ctrl+F', run: openFind },
          {
            id: 'details',
            name: t('shortcuts.details'),
            keys: 'Ctrl+Shift+D',
            run: () => toggleDetails(),
          },
        ]),
    { id: 'account', name: t('shortcuts.accountMenu'), keys: 'Ctrl+Shift+O', run: openAccountMenu },
    ...sections.map((section, at) => ({
      id: section,
      name: t('commands.goTo', { place: t(`nav.${section}`) }),
      keys: `Ctrl+${at + 1}`,
      run: () => showSection(section),
    })),
    { id: 'shortcuts', name: t('shortcuts.shortcuts'), keys: 'Ctrl+/', run: () => showSettings('keyboard') },
    ...settingsPages.map((page) => ({
      id: `settings-${page}`,
      name: t('commands.settings', { page: t(settingsTitle(page)) }),
      run: () => showSettings(page),
    })),
    { id: 'export', name: t('exporting.account'), run: () => void startExport(null, t) },
    {
      id: 'updates',
      name: t('commands.updates'),
      run: () => {
        showSettings('about');
        tell('update.check', {});
      },
    },
    { id: 'signOut', name: t('settings.signOut'), run: askSignOut },
    {
      id: 'quit',
      name: t('shortcuts.quit'),
      keys: 'Ctrl+Q',
      run: () => tell('window.control', { action: 'quit' }),
    },
  ];
}

/** Those whose name has every word of the query, where one begins first; all of them for an empty query. */
export function findCommands(commands: readonly Command[], query: string): readonly Command[] {
  const wanted = foldText(query.trim()).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return commands;
  const ranked = commands.flatMap((command) => {
    const name = foldText(command.name);
    if (!wanted.every((word) => name.includes(word))) return [];
    const words = name.split(/[^\p{L}\p{N}]+/u);
    const begun = wanted.filter((word) => words.some((one) => one.startsWith(word))).length;
    return [{ command, rank: wanted.length - begun }];
  });
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, HITS)
    .map(({ command }) => command);
}
