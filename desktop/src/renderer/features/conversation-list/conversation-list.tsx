/**
 * The list pane: organization, search entry, tabs and the virtual list with one tab stop. Owns which rows are asked
 * for and that the order never changes under the pointer.
 */
import './list.css';
import { Archive, ChevronDown, Search, SquarePen } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigation, openDialog, startConversation } from '../../lib/navigation.ts';
import { useStore } from '../../lib/store.ts';
import { useMovingView } from '../../lib/use-view.ts';
import { moveBetweenTabs } from '../../lib/tab-keys.ts';
import { IconButton } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { listWindow, type ListFilter, type SectionKind } from './layout.ts';
import { ListBox } from './list-box.tsx';
import { EmptyList, FirstSync } from './list-states.tsx';

const tabs: readonly Exclude<ListFilter, 'archived'>[] = ['all', 'unread', 'mentions'];

interface ConversationListProps {
  readonly orgName: string;
  /** Only conversations of this organization. */
  readonly scopeId: string | undefined;
  readonly isOffline: boolean;
  /** Only conversations of this kind; null: all. */
  readonly kind: SectionKind | null;
  /** Whether I may open announcement channels. */
  readonly canAnnounce: boolean;
}

let isMarked = false;

/** Notes when the first list of this window could be used, for the cold-start figure of `bench/`. */
function markInteractive(): void {
  if (isMarked) return;
  isMarked = true;
  requestAnimationFrame(() => performance.mark('curlew:interactive'));
}

/** The conversation list with its head. */
export function ConversationList({ orgName, scopeId, isOffline, kind, canAnnounce }: ConversationListProps) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<ListFilter>('all');
  const [offset, setOffset] = useState(0);
  const params = {
    filter,
    offset,
    limit: listWindow,
    ...(kind === null ? {} : { kind }),
    ...(scopeId ? { orgId: scopeId } : {}),
  };
  const view = useMovingView('conversations', params, filter);
  const selectedId = useStore(navigation, (value) => value.conversationId);
  const meta = view.state?.meta;
  const isLoaded = meta !== undefined;
  useEffect(() => {
    if (isLoaded) markInteractive();
  }, [isLoaded]);
  const choose = (next: ListFilter) => {
    setFilter(next);
    setOffset(0);
  };
  return (
    <>
      <div className="list-head">
        <button
          type="button"
          className="orgsw grow"
          aria-haspopup="menu"
          onClick={() => openDialog('account')}
        >
          <span className="col grow">
            <span className="o1">
              <span className="clip">{orgName}</span>
              <ChevronDown className="i i14" aria-hidden="true" />
            </span>
            <span className="o2">
              {t(kind === null ? 'list.scope' : kind === 'linked' ? 'nav.linked' : 'nav.announcements')}
            </span>
          </span>
        </button>
        <IconButton
          label={t('list.newConversation')}
          keys="Ctrl+N"
          onClick={() => (kind === 'linked' ? startConversation({ kind }) : openDialog('newConversation'))}
        >
          <SquarePen className="i" />
        </IconButton>
      </div>
      <button type="button" className="searchbox" onClick={() => openDialog('switcher')}>
        <Search className="i i16" aria-hidden="true" />
        <span className="grow clip">{t('list.search')}</span>
        <Kbd keys="Ctrl+K" />
      </button>
      <div className="chips">
        <div role="tablist" aria-label={t('list.filter')} className="tabs" onKeyDown={moveBetweenTabs}>
          {tabs.map((tab) => (
            <button
              key={tab}
              type="button"
              role="tab"
              className="chip"
              aria-selected={filter === tab}
              tabIndex={filter === tab || (filter === 'archived' && tab === 'all') ? 0 : -1}
              onClick={() => choose(tab)}
            >
              {t(`list.${tab}`)}
              {tab === 'unread' && meta && meta.unreadConversations > 0 ? (
                <span className="n">{meta.unreadConversations}</span>
              ) : null}
              {tab === 'mentions' && meta && meta.unreadMentions > 0 ? (
                <span className="n">{meta.unreadMentions}</span>
              ) : null}
            </button>
          ))}
        </div>
        <span className="grow" />
        <IconButton
          label={t(filter === 'archived' ? 'list.showAll' : 'list.showArchived')}
          isSmall
          isOn={filter === 'archived'}
          aria-pressed={filter === 'archived'}
          onClick={() => choose(filter === 'archived' ? 'all' : 'archived')}
        >
          <Archive className="i i16" />
        </IconButton>
      </div>
      {view.state && meta ? (
        meta.isFirstSync && meta.total === 0 ? (
          <FirstSync />
        ) : meta.total === 0 ? (
          <EmptyList filter={filter} kind={kind} canAnnounce={canAnnounce} onShowAll={() => choose('all')} />
        ) : (
          <ListBox
            // Each filter keeps its own place.
            key={filter}
            place={`${kind ?? ''} ${filter}`}
            order={view.state.order}
            rows={view.state.rows}
            offset={offset}
            isStale={view.isStale}
            total={meta.total}
            pinned={meta.pinned}
            selectedId={selectedId}
            isOffline={isOffline}
            onOffset={setOffset}
          />
        )
      ) : (
        <div className="rows" />
      )}
    </>
  );
}
