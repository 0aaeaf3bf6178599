/** The signed-in window: panes by width, pages, dialogs, commands from main. */
import { memo, Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WindowCommand } from '../../ipc/bridge.ts';
import type { OwnOrg, SessionMeta, ViewParams } from '../../ipc/views.ts';
import { Banners } from '../features/banners/banners.tsx';
import { ConversationList } from '../features/conversation-list/conversation-list.tsx';
import { listWindow, type SectionKind } from '../features/conversation-list/layout.ts';
import { invitation } from '../lib/invitation.ts';
import { openItemOf } from '../lib/linked-items.ts';
import { liveView } from '../lib/live-view.ts';
import {
  isListSection,
  navigation,
  openConversation,
  openDialog,
  showSection,
  toggleDetails,
  type Section,
} from '../lib/navigation.ts';
import { keepPlace, restorePlace } from '../lib/remembered.ts';
import { inListScope, useChosenOrg } from '../lib/scope.ts';
import { useStore } from '../lib/store.ts';
import { playSound } from '../lib/sounds.ts';
import { useIsOffline } from '../lib/use-offline.ts';
import { useMeta } from '../lib/use-view.ts';
import { followCommands } from '../lib/window-commands.ts';
import { OrgMenu } from './org-menu.tsx';
import { ConversationPane } from './conversation-pane.tsx';
import { Rail, TabBar } from './nav.tsx';
import {
  DetailsPane,
  ForwardDialog,
  InvitationDialog,
  NewConversation,
  OrganizationSection,
  OutboxPage,
  PeoplePage,
  SavedPage,
  SearchPane,
  SettingsPage,
  Switcher,
  ThreadPane,
  Tour,
} from './pages.ts';
import { NothingOpen } from './nothing-open.tsx';
import { PaneDivider } from './pane-divider.tsx';
import { preparePressed } from './prepare-conversation.ts';
import { useShortcuts } from './shortcuts.ts';
import { useLayout, type Layout } from './use-layout.ts';

type Active = Extract<SessionMeta, { state: 'active' }>;

/** The head of the list; also what Alt+Arrow walks along and where the badge's number comes from. */
const listHead = { filter: 'all', offset: 0, limit: listWindow } as const;

function listHeadOf(section: Section): ViewParams<'conversations'> {
  const kind = kindOf(section);
  return { ...listHead, ...(kind === null ? {} : { kind }), ...inListScope() };
}

/** The kind of conversation a section is for; null: all. */
function kindOf(section: Section): SectionKind | null {
  return section === 'linked' ? 'linked' : section === 'announcements' ? 'announcement' : null;
}

/** Everything behind the sign-in. */
export function Workspace({ session }: { readonly session: Active }) {
  const { t } = useTranslation();
  // Before the first paint, which would show another section.
  useState(() => restorePlace(session.accountId));
  useEffect(() => keepPlace(session.accountId), [session.accountId]);
  const layout = useLayout();
  const { section, conversationId, isDetailsOpen, isListHidden, dialog, newConversation } = useStore(
    navigation,
    (value) => value,
  );
  const connection = useMeta('connection', {});
  const list = useMeta('conversations', listHead);
  const isNewHere = useMeta('preferences', {})?.tourSeen === false;
  const isInvited = useStore(invitation, (value) => value !== null);
  const isOffline = useIsOffline();
  const isNarrow = layout === 'narrow';
  const rows = useCallback(() => {
    const { state } = liveView('conversations', listHeadOf(navigation.get().section)).get();
    return (state?.order ?? []).flatMap((key) => state?.rows[key] ?? []);
  }, []);
  useShortcuts(rows);
  useDetailsByWidth(layout);
  useCommands();
  const closeDialog = useCallback(() => openDialog(null), []);
  const { org, scopeId, placeId } = useChosenOrg(session.orgs);
  const orgName = org?.name ?? t('app.name');
  const waiting = (connection?.waiting ?? 0) + (connection?.failed ?? 0);
  const unread = {
    all: list?.unreadConversations ?? 0,
    linked: list?.unreadLinked ?? 0,
    announcements: list?.unreadAnnouncements ?? 0,
  };
  const inviteOrg = org && (org.role === 'owner' || org.role === 'admin') ? org : null;
  const isChats = isListSection(section);
  const hasTabs = isNarrow && !(isChats && conversationId);
  return (
    <>
      <Banners session={session} />
      <div className={appClass(isChats, isDetailsOpen && conversationId !== null, isListHidden && !isNarrow)}>
        {isNarrow ? null : <Rail session={session} unread={unread} waiting={waiting} isOffline={isOffline} />}
        {isChats ? (
          <Chats
            conversationId={conversationId}
            isNarrow={isNarrow}
            isListHidden={isListHidden && !isNarrow}
            list={
              <ListPane
                orgName={orgName}
                orgs={session.orgs}
                scopeId={scopeId}
                placeId={placeId}
                isOffline={isOffline}
                kind={kindOf(section)}
                canAnnounce={inviteOrg !== null}
              />
            }
            empty={<NothingOpen orgName={org?.name ?? null} canInvite={inviteOrg !== null} list={list} />}
            ownUserId={session.userId}
            isOffline={isOffline}
            isDetailsOpen={isDetailsOpen}
          />
        ) : (
          <Suspense fallback={<main className="conv" aria-busy="true" />}>
            {section === 'people' ? (
              <PeoplePage
                ownUserId={session.userId}
                isOffline={isOffline}
                inviteOrg={inviteOrg}
                scopeId={scopeId}
              />
            ) : section === 'outbox' ? (
              <OutboxPage isOffline={isOffline} />
            ) : section === 'saved' ? (
              <SavedPage />
            ) : (
              <SettingsPage
                session={session}
                organization={<OrganizationSection session={session} />}
                isOffline={isOffline}
                isNarrow={isNarrow}
              />
            )}
          </Suspense>
        )}
      </div>
      {hasTabs ? <TabBar unread={unread} waiting={waiting} /> : null}
      <Suspense>
        <Switcher isOpen={dialog === 'switcher'} isOffline={isOffline} onClose={closeDialog} />
        <NewConversation
          isOpen={dialog === 'newConversation'}
          seed={newConversation}
          ownUserId={session.userId}
          orgs={scopeId === undefined || !org ? session.orgs : [org]}
          scopeId={scopeId}
          isOffline={isOffline}
          onClose={closeDialog}
        />
        <ForwardDialog />
        {isNewHere ? <Tour /> : null}
        {isInvited ? <InvitationDialog session={session} /> : null}
      </Suspense>
    </>
  );
}

function appClass(isChats: boolean, hasDetails: boolean, isListHidden: boolean): string {
  if (!isChats) return 'app page';
  return `app${hasDetails ? ' details' : ''}${isListHidden ? ' no-list' : ''}`;
}

function Chats({
  conversationId,
  isNarrow,
  isListHidden,
  list,
  empty,
  ownUserId,
  isOffline,
  isDetailsOpen,
}: {
  readonly conversationId: string | null;
  readonly isNarrow: boolean;
  readonly isListHidden: boolean;
  readonly list: ReactNode;
  readonly empty: ReactNode;
  readonly ownUserId: string;
  readonly isOffline: boolean;
  readonly isDetailsOpen: boolean;
}) {
  const { t } = useTranslation();
  return (
    <>
      {isListHidden || (isNarrow && conversationId) ? null : list}
      {conversationId ? (
        // No key: the composer stays mounted while conversations change.
        <ConversationPane conversationId={conversationId} isOffline={isOffline} isNarrow={isNarrow} />
      ) : isNarrow ? null : (
        <main className="conv" data-f6="main" tabIndex={-1}>
          <h1 className="vh">{t('app.name')}</h1>
          {empty}
        </main>
      )}
      {conversationId && isDetailsOpen ? (
        <Suspense fallback={<aside className="det" />}>
          <OpenDetails conversationId={conversationId} ownUserId={ownUserId} isOffline={isOffline} />
        </Suspense>
      ) : null}
    </>
  );
}

function OpenDetails({
  conversationId,
  ownUserId,
  isOffline,
}: {
  readonly conversationId: string;
  readonly ownUserId: string;
  readonly isOffline: boolean;
}) {
  const { t } = useTranslation();
  const meta = useMeta('conversation', { conversationId });
  const rootId = useStore(navigation, (value) => value.threadRootId);
  if (!meta) return <aside className="det" />;
  const divider = (
    <PaneDivider label={t('app.resizeDetails')} property="--details-w" min={300} max={420} grows="start" />
  );
  if (rootId !== null) {
    return (
      <ThreadPane
        key={rootId}
        conversationId={conversationId}
        rootId={rootId}
        meta={meta}
        isOffline={isOffline}
        divider={divider}
      />
    );
  }
  return (
    <DetailsPane
      conversationId={conversationId}
      meta={meta}
      ownUserId={ownUserId}
      isOffline={isOffline}
      divider={divider}
    />
  );
}

/** Drawn again only for what it shows: opening a conversation must not draw the list's frame and menus. */
const ListPane = memo(function ListPane({
  orgName,
  orgs,
  scopeId,
  placeId,
  isOffline,
  kind,
  canAnnounce,
}: {
  readonly orgName: string;
  readonly orgs: readonly OwnOrg[];
  /** The list is of this organization only. */
  readonly scopeId: string | undefined;
  /** And of this site or unit. */
  readonly placeId: string | undefined;
  readonly isOffline: boolean;
  readonly kind: SectionKind | null;
  readonly canAnnounce: boolean;
}) {
  const { t } = useTranslation();
  const isSearching = useStore(navigation, (value) => value.isSearching);
  const [pane, setPane] = useState<HTMLElement | null>(null);
  const hasMenu = useStore(navigation, (value) => value.dialog === 'account');
  const anchor = hasMenu ? (pane?.querySelector('.orgsw') ?? null) : null;
  return (
    <section
      className="list"
      aria-label={t(isSearching ? 'search.results' : 'nav.conversations')}
      data-f6="list"
      ref={setPane}
      onPointerDown={preparePressed}
    >
      {isSearching ? (
        <Suspense>
          <SearchPane isOffline={isOffline} />
        </Suspense>
      ) : (
        <ConversationList
          // Each section keeps its own tab and place.
          key={`${kind ?? 'all'} ${scopeId ?? ''}`}
          orgName={orgName}
          scopeId={scopeId}
          placeId={placeId}
          isOffline={isOffline}
          kind={kind}
          canAnnounce={canAnnounce}
        />
      )}
      <PaneDivider label={t('app.resizeList')} property="--list-w" min={264} max={440} grows="end" />
      <OrgMenu
        anchor={anchor}
        orgs={orgs}
        scopeId={scopeId}
        placeId={placeId}
        onClose={() => openDialog(null)}
      />
    </section>
  );
});

/** Open or closed details belong to a width: a wider window does not open them over a narrower one. */
function useDetailsByWidth(layout: Layout): void {
  const before = useRef({ layout, isOpenAt: new Map<Layout, boolean>() });
  useEffect(() => {
    const { layout: was, isOpenAt } = before.current;
    if (was === layout) return;
    isOpenAt.set(was, navigation.get().isDetailsOpen);
    before.current = { layout, isOpenAt };
    toggleDetails(isOpenAt.get(layout) ?? false);
  }, [layout]);
}

/** Menu items, tray clicks, notifications and links, as main passes them on. */
function useCommands(): void {
  useEffect(() => followCommands(follow), []);
}

function follow(command: WindowCommand): void {
  switch (command.name) {
    case 'showConversation':
      // Where it is listed in any case.
      showSection('chats');
      openConversation(command.conversationId, {
        messageId: command.messageId,
        focusComposer: command.focusComposer,
      });
      return;
    case 'showSection':
      showSection(command.section);
      return;
    case 'newConversation':
      openDialog('newConversation');
      return;
    case 'playSound':
      playSound(command.sound);
      return;
    case 'openItem':
      void openItemOf(command);
      return;
    case 'openInvitation':
    case 'badLink':
      // `invitation.ts` takes these, also without a session.
      return;
  }
}
