/**
 * The list pane: organization, search entry, tabs and the virtual list with one tab stop. Owns which rows are asked
 * for and that the order never changes under the pointer.
 */
import './list.css';
import { ChevronDown, Search, SquarePen } from 'lucide-react';
import type { TFunction } from 'i18next';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccounts } from '../../lib/accounts.ts';
import { chooseInList, choiceParams, isFiltered, noChoice, useListChoice } from '../../lib/list-choice.ts';
import { navigation, openDialog, startConversation, type ListSection } from '../../lib/navigation.ts';
import { useStore } from '../../lib/store.ts';
import { useMovingView } from '../../lib/use-view.ts';
import { moveBetweenTabs } from '../../lib/tab-keys.ts';
import { IconButton } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { FilterButton, type ListBase } from './filter-menu.tsx';
import { listWindow, type ListFilter, type SectionKind } from './layout.ts';
import { ListBox } from './list-box.tsx';
import { EmptyList, FirstSync } from './list-states.tsx';

const tabs: readonly Exclude<ListFilter, 'archived'>[] = ['all', 'unread', 'mentions'];

interface ConversationListProps {
  readonly orgName: string;
  /** Only conversations of this organization. */
  readonly scopeId: string | undefined;
  /** Only conversations of this site or unit. */
  readonly placeId: string | undefined;
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
export function ConversationList({
  orgName,
  scopeId,
  placeId,
  isOffline,
  kind,
  canAnnounce,
}: ConversationListProps) {
  const { t } = useTranslation();
  const section = sectionOf(kind);
  const unreadElsewhere = useAccounts().others.reduce((sum, { unread }) => sum + unread, 0);
  const choice = useListChoice(section);
  const filter = choice.tab;
  const base: ListBase = {
    ...(kind === null ? {} : { kind }),
    ...(scopeId ? { orgId: scopeId } : {}),
    ...(placeId ? { placeId } : {}),
  };
  const chosen = choiceParams(choice);
  // Each choice begins at its own top.
  const place = JSON.stringify({ ...base, ...chosen });
  const [moved, setMoved] = useState({ place, offset: 0 });
  const offset = moved.place === place ? moved.offset : 0;
  const setOffset = useCallback((to: number) => setMoved({ place, offset: to }), [place]);
  const params = { ...base, ...chosen, offset, limit: listWindow };
  const view = useMovingView('conversations', params, place);
  const selectedId = useStore(navigation, (value) => value.conversationId);
  const meta = view.state?.meta;
  const isLoaded = meta !== undefined;
  useEffect(() => {
    if (isLoaded) markInteractive();
  }, [isLoaded]);
  const choose = (tab: ListFilter) => chooseInList(section, { tab });
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
              {unreadElsewhere > 0 ? (
                <>
                  <span className="vh">{t('accounts.otherUnread', { count: unreadElsewhere })}</span>
                  <span className="orgsw-dot" aria-hidden="true" />
                </>
              ) : null}
              <ChevronDown className="i i14" aria-hidden="true" />
            </span>
            <span className="o2">{scopeName(kind, meta?.placeName ?? null, t)}</span>
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
        <FilterButton section={section} base={base} />
      </div>
      {view.state && meta ? (
        meta.isFirstSync && meta.total === 0 ? (
          <FirstSync />
        ) : meta.total === 0 ? (
          <EmptyList
            filter={filter}
            isFiltered={isFiltered(choice) && filter !== 'archived'}
            placeName={meta.placeName}
            kind={kind}
            canAnnounce={canAnnounce}
            onShowAll={() => chooseInList(section, noChoice)}
          />
        ) : (
          <ListBox
            // Each filter keeps its own place.
            key={place}
            place={place}
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

function sectionOf(kind: SectionKind | null): ListSection {
  return kind === null ? 'chats' : kind === 'linked' ? 'linked' : 'announcements';
}

/** What the list is of, under the organization's name: its section, and the site or unit it is narrowed to. */
function scopeName(kind: SectionKind | null, placeName: string | null, t: TFunction): string {
  if (kind === null) return placeName ?? t('list.scope');
  const section = t(kind === 'linked' ? 'nav.linked' : 'nav.announcements');
  return placeName === null ? section : t('list.sectionOfPlace', { section, place: placeName });
}
