/** What the tray says: its icon, its tooltip, and what stands in its menu. Pure; the parts come from views of the core. */
import { isQuietAt } from '@curlew/shared/lib/quiet-hours.ts';
import type { AccountMeta, ConnectionMeta, ConversationRow, Preferences, SessionMeta } from '../ipc/views.ts';
import { texts } from './texts.ts';
import type { TrayState } from './tray-icon.ts';

/** A conversation of one of the accounts. */
export interface UnreadItem extends Pick<ConversationRow, 'id' | 'title'> {
  readonly account: string;
}

/** What the views of one account's core say. */
export type AccountParts = Omit<TrayParts, 'quietHours' | 'nowMs'>;

/** An account of which nothing is known yet. */
export const nothingKnown: AccountParts = {
  session: null,
  connection: null,
  status: null,
  unread: [],
  unreadConversations: 0,
  notifying: 0,
};

/**
 * One tray for all accounts: what is unread and what waits adds up, name and status are those of the account that shows.
 * Offline is the tray only when none of them is connected.
 */
export function jointParts(shown: AccountParts, others: readonly AccountParts[]): AccountParts {
  const all = [shown, ...others].filter(({ session }) => session?.state === 'active');
  const sum = (count: (parts: AccountParts) => number): number =>
    all.reduce((total, parts) => total + count(parts), 0);
  const connections = all.flatMap(({ connection }) => connection ?? []);
  const best = connections.find(isConnected) ?? shown.connection ?? connections[0];
  return {
    session: shown.session,
    connection: best
      ? {
          ...best,
          waiting: sum((parts) => parts.connection?.waiting ?? 0),
          failed: sum((parts) => parts.connection?.failed ?? 0),
        }
      : null,
    status: shown.status,
    unread: all.flatMap(({ unread }) => unread),
    unreadConversations: sum((parts) => parts.unreadConversations),
    notifying: sum((parts) => parts.notifying),
  };
}

function isConnected({ state }: ConnectionMeta): boolean {
  return state === 'connected' || state === 'updating';
}

/** What the core's views say. */
export interface TrayParts {
  readonly session: SessionMeta | null;
  readonly connection: ConnectionMeta | null;
  readonly status: AccountMeta['status'];
  /** Conversations with something unread, in the order of the list. */
  readonly unread: readonly UnreadItem[];
  readonly unreadConversations: number;
  /** Those of them that notify: what the badge counts. */
  readonly notifying: number;
  readonly quietHours: Preferences['quietHours'];
  readonly nowMs: number;
}

/** What the tray shows. */
export interface TrayFacts {
  readonly state: TrayState;
  readonly tooltip: string;
  /** Null while nobody is signed in. */
  readonly person: { readonly name: string; readonly status: 'online' | 'away' | 'dnd' } | null;
  readonly unreadText: string;
  readonly next: readonly UnreadItem[];
  /** Messages and other actions that wait to be sent. */
  readonly waiting: number;
}

/** Unread conversations that the menu names. */
export const NEXT_UNREAD = 3;

/** Puts the parts together. */
export function trayFacts(parts: TrayParts): TrayFacts {
  const { session, connection, status, unread, unreadConversations, notifying, nowMs } = parts;
  const isRunning = status !== null && (status.untilMs === null || status.untilMs > nowMs);
  const chosen = isRunning ? status.state : 'online';
  const isActive = session?.state === 'active';
  const isQuiet = isActive && (chosen === 'dnd' || isQuietAt(parts.quietHours, nowMs));
  const isOffline = isActive && connection !== null && !isConnected(connection);
  const state: TrayState = isOffline
    ? { kind: 'offline' }
    : isQuiet
      ? { kind: 'dnd' }
      : notifying > 0
        ? { kind: 'forYou', count: notifying }
        : { kind: unreadConversations > 0 ? 'unread' : 'idle' };
  const unreadText = unreadConversations > 0 ? texts.unread(unreadConversations) : texts.nothingUnread;
  const about = [
    ...(isOffline ? [texts.offline] : []),
    ...(isQuiet ? [texts.doNotDisturb] : []),
    ...(unreadConversations > 0 ? [texts.unread(unreadConversations)] : []),
  ];
  return {
    state,
    tooltip: about.length > 0 ? `${texts.appName}: ${about.join(', ')}` : texts.appName,
    person: isActive ? { name: session.name, status: chosen } : null,
    unreadText,
    next: unread.slice(0, NEXT_UNREAD).map(({ id, title, account }) => ({ id, title, account })),
    waiting: connection?.waiting ?? 0,
  };
}
