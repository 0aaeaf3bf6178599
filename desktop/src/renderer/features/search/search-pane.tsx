/**
 * Search in place of the list: hits as one types, newest first, under what this device holds and, when asked, what the
 * server holds. Focus stays in the field; Up and Down choose, Enter opens the message.
 */
import type { TFunction } from 'i18next';
import './search.css';
import { HardDrive, Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchHit } from '../../../ipc/search.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatDate, formatListTime } from '../../lib/format.ts';
import { closeSearch, navigation } from '../../lib/navigation.ts';
import { openHit, useSearch, useSpokenCount } from '../../lib/search.ts';
import { useStore } from '../../lib/store.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Excerpt } from '../../ui/excerpt.tsx';
import { HitList, type Hit } from '../../ui/hit-list.tsx';

/** Hits asked for at a time. */
const PAGE = 50;
/** Stands among the hits: choosing it shows more of them. */
const MORE = 'more';

/** The pane. */
export function SearchPane({ isOffline }: { readonly isOffline: boolean }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const opened = useStore(navigation, (value) => value.searchToken);
  const place = useRef<HTMLDivElement>(null);
  const results = useSearch(query, 'list', null, PAGE);
  const server = useServerSearch(query.trim());
  const hasAnswer = query.trim() !== '' && results.query === query.trim();
  const here = new Set(results.hits.map(({ messageId }) => messageId));
  const fromServer = server.hits.filter(({ messageId }) => !here.has(messageId));
  const count = results.hits.length + fromServer.length;
  useSpokenCount(
    hasAnswer ? query.trim() : '',
    t(results.hasMore ? 'search.countMore' : 'search.count', { count }),
  );
  // Asking for the search while it shows is asking for its field.
  useEffect(() => place.current?.querySelector('input')?.focus(), [opened]);
  const rows = [
    ...results.hits.map((hit) => rowOf(hit, t('search.here'))),
    ...(results.hasMore ? [moreRow(t('search.showMore'), t('search.here'))] : []),
    ...fromServer.map((hit) => rowOf(hit, t('search.fromServer'))),
  ];
  const choose = (key: string) => {
    const hit = [...results.hits, ...fromServer].find(({ messageId }) => messageId === key);
    if (key === MORE) results.more();
    else if (hit) openHit(hit);
  };
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
        leading={<Search className="i i16" aria-hidden="true" />}
        trailing={
          <IconButton label={t('search.close')} keys="Esc" isSmall onClick={closeSearch}>
            <X className="i i16" />
          </IconButton>
        }
        emptyText={
          query.trim() === ''
            ? t('search.help')
            : hasAnswer && count === 0
              ? t('search.none', { query: query.trim() })
              : null
        }
        hits={rows}
        onChoose={choose}
      />
      {hasAnswer ? (
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

function moreRow(text: string, heading: string): Hit {
  return { key: MORE, heading, content: <span className="grow t2">{text}</span> };
}

function rowOf(hit: SearchHit, heading: string): Hit {
  return { key: hit.messageId, heading, content: <HitRow hit={hit} /> };
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
