/** What the tray says: its icon, its tooltip, and what stands in its menu. Pure; the parts come from views of the core. */
import { isQuietAt } from '@curlew/shared/lib/quiet-hours.ts';
import type { AccountMeta, ConnectionMeta, ConversationRow, Preferences, SessionMeta } from '../ipc/views.ts';
import { texts } from './texts.ts';
import type { TrayState } from './tray-icon.ts';

/** What the core's views say. */
export interface TrayParts {
  readonly session: SessionMeta | null;
  readonly connection: ConnectionMeta | null;
  readonly status: AccountMeta['status'];
  /** Conversations with something unread, in the order of the list. */
  readonly unread: readonly Pick<ConversationRow, 'id' | 'title'>[];
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
  readonly next: readonly { readonly id: string; readonly title: string }[];
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
  const isOffline =
    isActive && connection !== null && connection.state !== 'connected' && connection.state !== 'updating';
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
    next: unread.slice(0, NEXT_UNREAD).map(({ id, title }) => ({ id, title })),
    waiting: connection?.waiting ?? 0,
  };
}
