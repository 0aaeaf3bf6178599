/**
 * Search in place of the list: hits as one types, newest first, under what this device holds and, when asked, what the
 * server holds. Focus stays in the field; Up and Down choose, Enter opens the message.
 */
import type { TFunction } from 'i18next';
import './search.css';
import { HardDrive, Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseSearch } from '@curlew/shared/domain/search.ts';
import type { SearchHit } from '../../../ipc/search.ts';
import type { PersonRow } from '../../../ipc/views.ts';
import { invoke } from '../../lib/bridge.ts';
import { writeTo } from '../../lib/conversation-actions.ts';
import { formatDate, formatListTime, formatNumber, formatPeriod } from '../../lib/format.ts';
import { closeSearch, navigation } from '../../lib/navigation.ts';
import { openHit, useSearch, useSpokenCount } from '../../lib/search.ts';
import { useStore } from '../../lib/store.ts';
import { moveBetweenTabs } from '../../lib/tab-keys.ts';
import { useMovingView } from '../../lib/use-view.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Excerpt } from '../../ui/excerpt.tsx';
import { HitList, type Hit } from '../../ui/hit-list.tsx';
import { FilterChips } from './filter-chips.tsx';

/** Hits asked for at a time. */
const PAGE = 50;
/** Stands among the hits: choosing it shows more of them. */
const MORE = 'more';

/** What is searched for. */
type Kind = 'messages' | 'people';

/** The pane. */
export function SearchPane({ isOffline }: { readonly isOffline: boolean }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [kind, setKind] = useState<Kind>('messages');
  const opened = useStore(navigation, (value) => value.searchToken);
  const place = useRef<HTMLDivElement>(null);
  const trimmed = query.trim();
  const results = useSearch(query, 'list', null, PAGE);
  const server = useServerSearch(trimmed);
  const people = usePeople(trimmed);
  const heading = usePeriod();
  const hasAnswer = trimmed !== '' && results.query === trimmed;
  const here = new Set(results.hits.map(({ messageId }) => messageId));
  const fromServer = server.hits.filter(({ messageId }) => !here.has(messageId));
  const count = results.hits.length + fromServer.length;
  useSpokenCount(
    hasAnswer ? trimmed : '',
    t(results.hasMore ? 'search.countMore' : 'search.count', { count }),
  );
  const focusField = () => place.current?.querySelector('input')?.focus();
  // Asking for the search while it shows is asking for its field; what was opened over it since keeps the focus.
  useEffect(() => {
    if (!document.activeElement?.closest('[role="dialog"]')) focusField();
  }, [opened]);
  const messages = [
    ...results.hits.map((hit) => rowOf(hit, hit.isPending ? t('search.pending') : heading(hit.atMs))),
    ...(results.hasMore ? [moreRow(t('search.showMore'))] : []),
    ...fromServer.map((hit) => rowOf(hit, t('search.fromServer'))),
  ];
  const choose = (key: string) => {
    const hit = [...results.hits, ...fromServer].find(({ messageId }) => messageId === key);
    if (kind === 'people') void writeTo(key);
    else if (key === MORE) results.more();
    else if (hit) openHit(hit);
  };
  const noHits =
    kind === 'people'
      ? t('search.peopleNone', { query: trimmed })
      : hasAnswer && count === 0
        ? t('search.none', { query: trimmed })
        : null;
  return (
    <div
      className="search-pane"
      ref={place}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        event.stopPropagation();
        if (query === '') closeSearch();
        else setQuery('');
      }}
    >
      <HitList
        query={query}
        onQuery={setQuery}
        label={t('search.title')}
        placeholder={t('search.placeholder')}
        resultsLabel={t('search.results')}
        fieldClass="inp search-field"
        takesFocus={false}
        leading={<Search className="i i16" aria-hidden="true" />}
        trailing={
          <IconButton label={t('search.close')} keys="Esc" isSmall onClick={closeSearch}>
            <X className="i i16" />
          </IconButton>
        }
        below={
          trimmed === '' ? null : (
            <>
              <Kinds
                kind={kind}
                counts={{
                  messages: hasAnswer ? `${formatNumber(count)}${results.hasMore ? '+' : ''}` : '',
                  people: formatNumber(people.total),
                }}
                onKind={setKind}
              />
              {kind === 'messages' ? (
                <FilterChips
                  query={query}
                  onQuery={(next) => {
                    setQuery(next);
                    focusField();
                  }}
                />
              ) : null}
            </>
          )
        }
        emptyText={trimmed === '' ? t('search.help') : noHits}
        hits={kind === 'people' ? people.rows.map(personRow) : messages}
        onChoose={choose}
      />
      {hasAnswer && kind === 'messages' ? (
        <div className="search-reach s13 t3">
          <HardDrive className="i i16" aria-hidden="true" />
          <div className="grow">
            <p>{reachText(results.backToMs, t)}</p>
            {server.state === 'failed' ? <p role="status">{t('search.serverFailed')}</p> : null}
            {server.state === 'done' && fromServer.length === 0 ? <p>{t('search.serverNone')}</p> : null}
            {server.state !== 'done' || server.hasMore ? (
              <Button
                size="small"
                disabled={isOffline || server.state === 'asking'}
                onClick={() => server.ask()}
              >
                {serverText(isOffline, server, t)}
              </Button>
            ) : null}
          </div>
        </div>
      ) : null}
    </div>
  );
}

/** The tabs: what to search for, with how much there is. */
function Kinds({
  kind,
  counts,
  onKind,
}: {
  readonly kind: Kind;
  readonly counts: Readonly<Record<Kind, string>>;
  readonly onKind: (kind: Kind) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="chips search-chips">
      <div role="tablist" aria-label={t('search.kinds')} className="tabs" onKeyDown={moveBetweenTabs}>
        {(['messages', 'people'] as const).map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            className="chip"
            aria-selected={kind === tab}
            tabIndex={kind === tab ? 0 : -1}
            onClick={() => onKind(tab)}
          >
            {t(`search.${tab}`)} <span className="n">{counts[tab]}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

/** People whose names hold the words of a query; its filters are about messages. */
function usePeople(query: string): { readonly rows: readonly PersonRow[]; readonly total: number } {
  const words = parseSearch(query).flatMap(({ kind, value }) => (kind === 'text' ? [value] : []));
  const { state } = useMovingView('people', { query: words.join(' ').slice(0, 200), limit: PAGE }, 'people');
  if (words.length === 0) return { rows: [], total: 0 };
  return {
    rows: (state?.order ?? []).flatMap((key) => state?.rows[key] ?? []),
    total: state?.meta.total ?? 0,
  };
}

/** Headings by how long ago. */
function usePeriod(): (atMs: number) => string {
  const { t } = useTranslation();
  const words = {
    today: t('timeline.today'),
    yesterday: t('timeline.yesterday'),
    thisWeek: t('search.thisWeek'),
    thisMonth: t('search.thisMonth'),
  };
  const nowMs = Date.now();
  return (atMs) => formatPeriod(atMs, nowMs, words);
}

function serverText(
  isOffline: boolean,
  { state, hasMore }: { readonly state: string; readonly hasMore: boolean },
  t: TFunction,
): string {
  if (isOffline) return t('search.serverOffline');
  if (state === 'asking') return t('search.serverAsking');
  return hasMore ? t('search.serverMore') : t('search.server');
}

function reachText(backToMs: number | null, t: TFunction): string {
  if (backToMs === null) return t('search.reachAll');
  if (backToMs > Date.now()) return t('search.reachPart');
  return t('search.reach', { date: formatDate(backToMs) });
}

function moreRow(text: string): Hit {
  return { key: MORE, heading: '', content: <span className="grow t2">{text}</span> };
}

function rowOf(hit: SearchHit, heading: string): Hit {
  return { key: hit.messageId, heading, content: <HitRow hit={hit} /> };
}

function personRow(person: PersonRow): Hit {
  return {
    key: person.id,
    heading: '',
    content: (
      <>
        <Avatar name={person.name} size={32} />
        <div className="grow hit">
          <b className="med clip">{person.name}</b>
          {person.title ? <div className="s13 t2 clip">{person.title}</div> : null}
        </div>
      </>
    ),
  };
}

/** One message found: who, where, when, and the words around the match. */
function HitRow({ hit }: { readonly hit: SearchHit }) {
  const { t } = useTranslation();
  const sender = hit.senderName === '' ? t('search.someone') : hit.senderName;
  const days = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
  return (
    <>
      <Avatar name={sender} size={32} />
      <div className="grow hit">
        <div className="hit-head">
          <b className="med clip">{sender}</b>
          <span className="s12 t3 clip grow">{t('search.in', { title: hit.conversationTitle })}</span>
          <span className="s12 t3 num">{formatListTime(hit.atMs, Date.now(), days)}</span>
        </div>
        <div className="s13 t2 hit-text">
          <Excerpt excerpt={hit.excerpt} />
        </div>
      </div>
    </>
  );
}

interface ServerSearch {
  readonly state: 'idle' | 'asking' | 'done' | 'failed';
  readonly hits: readonly SearchHit[];
  readonly hasMore: boolean;
  readonly ask: () => void;
}

const unasked = { query: '', state: 'idle' as ServerSearch['state'], hits: [] as readonly SearchHit[] };

/** What the server found, asked for by hand; another query begins anew. */
function useServerSearch(query: string): ServerSearch {
  const [found, setFound] = useState({ ...unasked, cursor: null as string | null });
  const current = found.query === query ? found : { ...unasked, cursor: null };
  const latest = useRef(query);
  latest.current = query;
  const ask = () => {
    const { hits, cursor } = current;
    setFound({ query, state: 'asking', hits, cursor });
    void invoke('search.server', { query, conversationId: null, limit: PAGE, cursor }).then((answer) => {
      if (latest.current !== query) return;
      setFound(
        answer.ok
          ? { query, state: 'done', hits: [...hits, ...answer.value.hits], cursor: answer.value.cursor }
          : { query, state: 'failed', hits, cursor },
      );
    });
  };
  return { state: current.state, hits: current.hits, hasMore: current.cursor !== null, ask };
}
