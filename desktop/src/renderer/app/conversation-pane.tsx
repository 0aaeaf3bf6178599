/**
 * The open conversation: header, timeline, status line, composer. Owns nothing but their arrangement; each reads its
 * own view, so that typing draws the composer and a message draws the timeline.
 */
import './thread.css';
import { ArrowLeft, Ellipsis, MessagesSquare, PanelRight, Search, Timer } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { ConversationMeta, ConversationRow } from '../../ipc/views.ts';
import { Composer } from '../features/composer/composer.tsx';
import { moveDraft } from '../features/composer/draft-keeper.ts';
import { NoComposer } from '../features/composer/no-composer.tsx';
import { RowMenu } from '../features/conversation-list/row-menu.tsx';
import { FindBar } from '../features/search/find-bar.tsx';
import type { Reader, TimelineConversation } from '../features/timeline/contracts.ts';
import { ScheduledBanner } from '../features/outbox/scheduled-banner.tsx';
import { Timeline } from '../features/timeline/timeline.tsx';
import { StatusLine } from '../features/timeline/typing-line.tsx';
import { durationText } from '../lib/duration.ts';
import { tell } from '../lib/bridge.ts';
import {
  navigation,
  openConversation,
  openFind,
  replaceConversation,
  showThread,
  toggleDetails,
} from '../lib/navigation.ts';
import { usePresenceWatch } from '../lib/presence-watch.ts';
import { aboutText } from '../lib/presence-text.ts';
import { leaveIfRestored } from '../lib/remembered.ts';
import { useStore } from '../lib/store.ts';
import { useMentions } from '../lib/use-mentions.ts';
import { useSavedIds } from '../lib/use-saved.ts';
import { useMeta } from '../lib/use-view.ts';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/page.tsx';
import { PersonMarks } from '../ui/person-marks.tsx';
import { LinkBar } from './link-bar.tsx';
import { prepareConversation } from './prepare-conversation.ts';

interface ConversationPaneProps {
  readonly conversationId: string;
  readonly isOffline: boolean;
  readonly isNarrow: boolean;
}

/** The middle of the window. */
export function ConversationPane({ conversationId, isOffline, isNarrow }: ConversationPaneProps) {
  const { t } = useTranslation();
  // Before the views below ask for theirs, one answer after the other.
  useEffect(() => prepareConversation(conversationId), [conversationId]);
  const meta = useMeta('conversation', { conversationId });
  const preferences = useMeta('preferences', {});
  useEffect(() => {
    tell('conversation.show', { conversationId });
    return () => tell('conversation.show', { conversationId: null });
  }, [conversationId]);
  const canonicalId = meta?.canonicalId ?? null;
  useEffect(() => {
    if (canonicalId === null) return;
    moveDraft(conversationId, canonicalId);
    replaceConversation(conversationId, canonicalId);
  }, [conversationId, canonicalId]);
  const isGone = meta !== null && !meta.exists;
  // Before anything of it is painted.
  useLayoutEffect(() => {
    if (isGone) leaveIfRestored(conversationId);
  }, [isGone, conversationId]);
  usePresenceWatch(watchedIn(meta));
  const mentionables = useMentions(conversationId, meta);

  const isFinding = useStore(navigation, (value) => value.find !== null);

  const row = meta?.row ?? null;
  if (isGone) {
    return (
      <main className="conv" data-f6="main" tabIndex={-1}>
        <EmptyState title={t('conversation.gone')} body={t('conversation.goneBody')} />
      </main>
    );
  }
  return (
    <main className="conv" data-f6="main" aria-label={row?.title}>
      <Header meta={meta} isOffline={isOffline} isNarrow={isNarrow} />
      {meta?.link ? <LinkBar link={meta.link} title={row?.title ?? ''} /> : null}
      {isFinding ? <FindBar conversationId={conversationId} /> : null}
      {meta && row ? (
        <OpenedTimeline key={conversationId} meta={meta} row={row} isOffline={isOffline} />
      ) : (
        <div className="tl-wrap" />
      )}
      <StatusLine conversationId={conversationId} isOffline={isOffline} />
      <ScheduledBanner conversationId={conversationId} />
      {meta && !meta.canPost ? (
        <NoComposer conversationId={conversationId} meta={meta} />
      ) : (
        <Composer
          conversationId={conversationId}
          title={row?.title ?? ''}
          draft={meta ? meta.draft : undefined}
          otherDraft={meta?.otherDraft}
          clearedDraft={meta?.clearedDraft}
          sendWith={preferences?.sendWith ?? 'enter'}
          mentionables={mentionables}
          canAskAck={row?.kind === 'announcement'}
          canBeUrgent={row?.kind === 'announcement' && meta?.rules.mayBeUrgent === true}
        />
      )}
    </main>
  );
}

/** Freezes what was unread when the conversation was opened: the divider is placed once. */
function OpenedTimeline({
  meta,
  row,
  isOffline,
}: {
  readonly meta: ConversationMeta;
  readonly row: ConversationRow;
  readonly isOffline: boolean;
}) {
  const [opened] = useState({ unreadFromSeq: meta.unreadFromSeq, unread: row.unread - row.threadUnread });
  const { canPost, ownRole, pins } = meta;
  const { id, title, kind } = row;
  const isDirect = kind === 'direct';
  const isMember = ownRole !== null;
  const canPin = isMember && (kind !== 'announcement' || ownRole !== 'member');
  const memberCount = meta.members.length;
  const canModerate = !isDirect && (ownRole === 'owner' || ownRole === 'moderator');
  const { editWindowMs } = meta.rules;
  const rights = useMemo(
    () => ({ isMember, canPost, canPin, canModerate, editWindowMs }),
    [isMember, canPost, canPin, canModerate, editWindowMs],
  );
  const pinnedIds = useSame(
    useMemo(() => pins.map((pin) => pin.messageId), [pins]),
    Object.is,
  );
  const savedIds = useSavedIds(id);
  const readers = useSame(
    // Of announcements the number is told, to those who run them.
    useMemo(() => (isDirect || kind === 'announcement' ? [] : readersOf(meta)), [isDirect, kind, meta]),
    isSameReader,
  );
  // The header changes with every presence and draft; the timeline must not draw again for those.
  const conversation = useMemo<TimelineConversation>(
    () => ({
      id,
      title,
      isDirect,
      memberCount,
      rights,
      pinnedIds: new Set(pinnedIds),
      savedIds,
      readers,
      ...opened,
    }),
    [id, title, isDirect, memberCount, rights, pinnedIds, savedIds, readers, opened],
  );
  return <Timeline conversation={conversation} isOffline={isOffline} />;
}

/** Those who have read something, by how far. */
function readersOf({ receipts, members }: ConversationMeta): readonly Reader[] {
  const names = new Map(members.map((member) => [member.id, member.name]));
  return receipts.flatMap(({ userId, readSeq }) => {
    const name = names.get(userId);
    return name !== undefined && readSeq > 0 ? [{ id: userId, name, readSeq }] : [];
  });
}

function isSameReader(a: Reader, b: Reader): boolean {
  return a.id === b.id && a.readSeq === b.readSeq && a.name === b.name;
}

/** The list before as long as the new one holds the same. */
function useSame<T>(list: readonly T[], isSame: (a: T, b: T) => boolean): readonly T[] {
  const kept = useRef(list);
  const before = kept.current;
  const isEqual =
    before.length === list.length &&
    list.every((each, at) => {
      const was = before[at];
      return was !== undefined && isSame(was, each);
    });
  if (!isEqual) kept.current = list;
  return kept.current;
}

/** Whose presence the header tells; of a large group it tells none. */
function watchedIn(meta: ConversationMeta | null): readonly (string | null | undefined)[] {
  if (meta?.row?.kind === 'direct') return [meta.row.peerId];
  return meta && meta.members.length <= limits.presenceWatch ? meta.members.map(({ id }) => id) : [];
}

function Header({
  meta,
  isOffline,
  isNarrow,
}: {
  readonly meta: ConversationMeta | null;
  readonly isOffline: boolean;
  readonly isNarrow: boolean;
}) {
  const { t } = useTranslation();
  const row = meta?.row ?? null;
  const isDetailsOpen = useStore(navigation, (value) => value.isDetailsOpen);
  const [anchor, setAnchor] = useState<Element | null>(null);
  return (
    <header className="conv-head">
      {isNarrow ? (
        <IconButton label={t('nav.backToConversations')} onClick={() => openConversation(null)}>
          <ArrowLeft className="i" />
        </IconButton>
      ) : null}
      {meta && row ? (
        <>
          <Avatar
            name={row.title}
            size={36}
            kind={row.kind}
            presence={isOffline ? null : row.presence?.state}
          />
          <div className="grow">
            <h1>
              <span className="clip">{row.title}</span>
              {row.peerMarks?.isBot ? <PersonMarks isBot isDeactivated={false} /> : null}
            </h1>
            <div className="sub">
              {meta.rules.messageTtlMs === null ? null : (
                <span className="ttl" title={t('ttl.head')}>
                  <Timer className="i i14" role="img" aria-label={t('ttl.head')} />
                  {durationText(t, meta.rules.messageTtlMs)}
                  {' · '}
                </span>
              )}
              {aboutText(meta, isOffline, t)}
            </div>
          </div>
          <UnreadThreads threads={meta.unreadThreads} />
          <IconButton label={t('search.find')} keys="Ctrl+F" onClick={openFind}>
            <Search className="i" />
          </IconButton>
          <IconButton
            label={t('conversation.details')}
            keys="Ctrl+Shift+D"
            isOn={isDetailsOpen}
            aria-pressed={isDetailsOpen}
            onClick={() => toggleDetails()}
          >
            <PanelRight className="i" />
          </IconButton>
          <IconButton
            label={t('conversation.more')}
            aria-haspopup="menu"
            onClick={(event) => setAnchor(event.currentTarget)}
          >
            <Ellipsis className="i" />
          </IconButton>
          <RowMenu target={anchor ? { row, anchor } : null} onClose={() => setAnchor(null)} />
        </>
      ) : null}
    </header>
  );
}

/** Leads to replies that were not read, one thread after the other: their messages may be far up. */
function UnreadThreads({ threads }: { readonly threads: ConversationMeta['unreadThreads'] }) {
  const { t } = useTranslation();
  const [first] = threads;
  if (!first) return null;
  const count = threads.reduce((sum, { unread }) => sum + unread, 0);
  return (
    <button
      type="button"
      className="unread-threads"
      aria-label={t('thread.unreadLabel', { count })}
      onClick={() => showThread(first.rootId)}
    >
      <MessagesSquare className="i i16" aria-hidden="true" />
      <span aria-hidden="true">{t('thread.new', { count })}</span>
    </button>
  );
}
