/** The rail, and below 720 px the tab bar: the same places in two shapes. */
import {
  Bookmark,
  CircleUserRound,
  Contact,
  Megaphone,
  MessagesSquare,
  Send,
  Settings,
  Ticket,
} from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionMeta } from '../../ipc/views.ts';
import { navigation, showSection, type Section } from '../lib/navigation.ts';
import { useOwnStatus } from '../lib/own-status.ts';
import { useStore } from '../lib/store.ts';
import { Avatar, type PresenceState } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { StatusMenu } from '../ui/status-menu.tsx';
import { Tooltip } from '../ui/tooltip.tsx';

type Active = Extract<SessionMeta, { state: 'active' }>;

interface NavProps {
  readonly session: Active;
  readonly unread: Unread;
  readonly waiting: number;
  readonly isOffline: boolean;
}

/** Conversations with something unread: all, and those of the kinds with a section of their own. */
export interface Unread {
  readonly all: number;
  readonly linked: number;
  readonly announcements: number;
}

/** The rail. A badge never stands on the current section. */
export function Rail({ session, unread, waiting, isOffline }: NavProps) {
  const { t } = useTranslation();
  const section = useStore(navigation, (value) => value.section);
  return (
    <nav className="rail" aria-label={t('nav.main')} data-f6="nav">
      <RailButton
        section="chats"
        keys="Ctrl+1"
        current={section}
        label={unread.all > 0 ? t('nav.chatsUnread', { count: unread.all }) : t('nav.chats')}
        badge={<Badge count={unread.all} />}
      >
        <MessagesSquare className="i i20" aria-hidden="true" />
      </RailButton>
      <RailButton
        section="linked"
        keys="Ctrl+2"
        current={section}
        label={unread.linked > 0 ? t('nav.linkedUnread', { count: unread.linked }) : t('nav.linked')}
        badge={<Badge count={unread.linked} />}
      >
        <Ticket className="i i20" aria-hidden="true" />
      </RailButton>
      <RailButton
        section="announcements"
        keys="Ctrl+3"
        current={section}
        label={
          unread.announcements > 0
            ? t('nav.announcementsUnread', { count: unread.announcements })
            : t('nav.announcements')
        }
        badge={<Badge count={unread.announcements} />}
      >
        <Megaphone className="i i20" aria-hidden="true" />
      </RailButton>
      <RailButton section="people" keys="Ctrl+4" current={section} label={t('nav.people')}>
        <Contact className="i i20" aria-hidden="true" />
      </RailButton>
      <RailButton
        section="outbox"
        keys="Ctrl+5"
        current={section}
        label={waiting > 0 ? t('nav.outboxWaiting', { count: waiting }) : t('nav.outbox')}
        badge={<Badge count={waiting} tone="warn" />}
      >
        <Send className="i i20" aria-hidden="true" />
      </RailButton>
      <RailButton section="saved" keys="Ctrl+6" current={section} label={t('nav.saved')}>
        <Bookmark className="i i20" aria-hidden="true" />
      </RailButton>
      <span className="sp" />
      <RailButton section="settings" keys="Ctrl+," current={section} label={t('nav.settings')}>
        <Settings className="i i20" aria-hidden="true" />
      </RailButton>
      <OwnAvatar session={session} isOffline={isOffline} />
    </nav>
  );
}

function RailButton({
  section,
  current,
  label,
  keys,
  badge,
  children,
}: {
  readonly section: Section;
  readonly current: Section;
  readonly label: string;
  readonly keys: string;
  readonly badge?: ReactNode;
  readonly children: ReactNode;
}) {
  const isCurrent = section === current;
  return (
    <Tooltip label={label} keys={keys} side="right">
      <button
        type="button"
        className="rail-btn"
        data-section={section}
        aria-label={label}
        aria-current={isCurrent ? 'page' : undefined}
        onClick={() => showSection(section)}
      >
        {children}
        {isCurrent ? null : badge}
      </button>
    </Tooltip>
  );
}

function OwnAvatar({ session, isOffline }: { readonly session: Active; readonly isOffline: boolean }) {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<Element | null>(null);
  const status = useOwnStatus();
  const presence: PresenceState = isOffline ? 'offline' : (status?.state ?? 'online');
  return (
    <>
      <button
        type="button"
        className="rail-btn"
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <span className="vh">
          {t('nav.account', { name: session.name, presence: t(`presence.${presence}`) })}
        </span>
        <Avatar name={session.name} size={32} presence={presence} />
      </button>
      <StatusMenu anchor={anchor} onClose={() => setAnchor(null)} />
    </>
  );
}

/** The tab bar of narrow windows; Outbox and Settings stand under "You", and the chip leads to the outbox. */
export function TabBar({ unread, waiting }: { readonly unread: Unread; readonly waiting: number }) {
  const { t } = useTranslation();
  const current = useStore(navigation, (value) => value.section);
  return (
    <nav className="tabbar" aria-label={t('nav.main')} data-f6="nav">
      <Tab section="chats" current={current} text={t('nav.chats')} badge={<Badge count={unread.all} />}>
        <MessagesSquare className="i i20" aria-hidden="true" />
      </Tab>
      <Tab
        section="linked"
        current={current}
        text={t('nav.linkedShort')}
        badge={<Badge count={unread.linked} />}
      >
        <Ticket className="i i20" aria-hidden="true" />
      </Tab>
      <Tab
        section="announcements"
        current={current}
        text={t('nav.announcementsShort')}
        badge={<Badge count={unread.announcements} />}
      >
        <Megaphone className="i i20" aria-hidden="true" />
      </Tab>
      <Tab section="people" current={current} text={t('nav.people')}>
        <Contact className="i i20" aria-hidden="true" />
      </Tab>
      <Tab
        section="settings"
        current={current === 'outbox' ? 'settings' : current}
        text={t('nav.you')}
        badge={<Badge count={waiting} tone="warn" />}
      >
        <CircleUserRound className="i i20" aria-hidden="true" />
      </Tab>
    </nav>
  );
}

function Tab({
  section,
  current,
  text,
  badge,
  children,
}: {
  readonly section: Section;
  readonly current: Section;
  readonly text: string;
  readonly badge?: ReactNode;
  readonly children: ReactNode;
}) {
  const isCurrent = section === current;
  return (
    <button type="button" aria-current={isCurrent ? 'page' : undefined} onClick={() => showSection(section)}>
      {children}
      {text}
      {isCurrent ? null : badge}
    </button>
  );
}
