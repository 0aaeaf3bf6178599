/**
 * The open conversation: header, timeline, status line, composer. Owns nothing but their arrangement; each reads its
 * own view, so that typing draws the composer and a message draws the timeline.
 */
import { ArrowLeft, Ellipsis, PanelRight } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationMeta, ConversationRow } from '../../ipc/views.ts';
import { Composer } from '../features/composer/composer.tsx';
import { moveDraft } from '../features/composer/draft-keeper.ts';
import { RowMenu } from '../features/conversation-list/row-menu.tsx';
import type { TimelineConversation } from '../features/timeline/contracts.ts';
import { Timeline } from '../features/timeline/timeline.tsx';
import { StatusLine } from '../features/timeline/typing-line.tsx';
import { tell } from '../lib/bridge.ts';
import { navigation, openConversation, replaceConversation, toggleDetails } from '../lib/navigation.ts';
import { usePresenceWatch } from '../lib/presence-watch.ts';
import { presenceText } from '../lib/presence-text.ts';
import { useStore } from '../lib/store.ts';
import { useMeta } from '../lib/use-view.ts';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/page.tsx';
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
  usePresenceWatch([meta?.row?.peerId]);

  const row = meta?.row ?? null;
  if (meta && !meta.exists) {
    return (
      <main className="conv" data-f6="main" tabIndex={-1}>
        <EmptyState title={t('conversation.gone')} body={t('conversation.goneBody')} />
      </main>
    );
  }
  return (
    <main className="conv" data-f6="main" aria-label={row?.title}>
      <Header row={row} isOffline={isOffline} isNarrow={isNarrow} memberCount={meta?.members.length ?? 0} />
      {meta && row ? (
        <OpenedTimeline key={conversationId} meta={meta} row={row} isOffline={isOffline} />
      ) : (
        <div className="tl-wrap" />
      )}
      <StatusLine conversationId={conversationId} isOffline={isOffline} />
      {meta && !meta.canPost ? (
        <div className="composer">
          <div className="readonly">{t('composer.readOnly')}</div>
        </div>
      ) : (
        <Composer
          conversationId={conversationId}
          title={row?.title ?? ''}
          draft={meta ? meta.draft : undefined}
          sendWith={preferences?.sendWith ?? 'enter'}
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
  const [opened] = useState({ unreadFromSeq: meta.unreadFromSeq, unread: row.unread });
  const memberCount = meta.members.length;
  const { id, title } = row;
  const isDirect = row.kind === 'direct';
  // The header changes with every presence and draft; the timeline must not draw again for those.
  const conversation = useMemo<TimelineConversation>(
    () => ({ id, title, isDirect, memberCount, ...opened }),
    [id, title, isDirect, memberCount, opened],
  );
  return <Timeline conversation={conversation} isOffline={isOffline} />;
}

function Header({
  row,
  isOffline,
  isNarrow,
  memberCount,
}: {
  readonly row: ConversationRow | null;
  readonly isOffline: boolean;
  readonly isNarrow: boolean;
  readonly memberCount: number;
}) {
  const { t } = useTranslation();
  const isDetailsOpen = useStore(navigation, (value) => value.isDetailsOpen);
  const [anchor, setAnchor] = useState<Element | null>(null);
  return (
    <header className="conv-head">
      {isNarrow ? (
        <IconButton label={t('nav.backToConversations')} onClick={() => openConversation(null)}>
          <ArrowLeft className="i" />
        </IconButton>
      ) : null}
      {row ? (
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
            </h1>
            <div className="sub">
              {row.kind === 'direct'
                ? presenceText(row.presence, isOffline, t)
                : t('conversation.members', { count: memberCount })}
            </div>
          </div>
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
