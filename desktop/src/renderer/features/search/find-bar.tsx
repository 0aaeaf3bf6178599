/**
 * Find in the open conversation: a small bar over the timeline that walks from match to match, newest first. Owns the
 * place among the matches; the timeline shows the message it names.
 */
import './search.css';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { closeFind, focusComposer, jumpTo, navigation } from '../../lib/navigation.ts';
import { useSearch, useSpokenCount } from '../../lib/search.ts';
import { useStore } from '../../lib/store.ts';
import { IconButton } from '../../ui/button.tsx';

/** Matches asked for at a time. */
const PAGE = 100;

/** The bar; shown while `navigation.find` is set. */
export function FindBar({ conversationId }: { readonly conversationId: string }) {
  const { t } = useTranslation();
  const find = useStore(navigation, (value) => value.find);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const results = useSearch(query, 'find', conversationId, PAGE);
  const { hits } = results;
  const isAnswered = query.trim() !== '' && results.query === query.trim();
  const hit = hits[at];
  const target = hit?.messageId ?? null;
  const position = hit
    ? t(results.hasMore ? 'search.positionMore' : 'search.position', { at: at + 1, count: hits.length })
    : isAnswered
      ? t('search.noMatch')
      : '';
  useSpokenCount(isAnswered ? query.trim() : '', position);
  useEffect(() => field.current?.select(), [find?.focus]);
  useEffect(() => setAt(0), [query, conversationId]);
  useEffect(() => {
    if (target !== null) jumpTo(conversationId, target);
  }, [conversationId, target]);
  const step = (by: 1 | -1): void => {
    if (hits.length === 0) return;
    const next = at + by;
    if (next >= hits.length && results.hasMore) results.more();
    else setAt((next + hits.length) % hits.length);
  };
  const latest = useRef(step);
  latest.current = step;
  const moves = find?.move;
  useEffect(() => {
    if (moves && moves.count > 0) latest.current(moves.by);
  }, [moves]);
  if (!find) return null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      closeFind();
      focusComposer();
    }
  };
  return (
    <div role="search" className="find-bar" aria-label={t('search.find')} onKeyDown={onKeyDown}>
      <input
        ref={field}
        type="text"
        className="grow"
        aria-label={t('search.find')}
        placeholder={t('search.find')}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <span className="s13 t2 num">{position}</span>
      <IconButton label={t('search.previous')} keys="Shift+F3" isSmall onClick={() => step(-1)}>
        <ChevronDown className="i i16" />
      </IconButton>
      <IconButton label={t('search.next')} keys="F3" isSmall onClick={() => step(1)}>
        <ChevronUp className="i i16" />
      </IconButton>
      <IconButton label={t('search.closeFind')} keys="Esc" isSmall onClick={closeFind}>
        <X className="i i16" />
      </IconButton>
    </div>
  );
}
