/**
 * The list that opens while "@…" is typed. Owns what it offers and its keys; focus stays in the text, which names the
 * marked entry for screen readers.
 */
import './mention-list.css';
import { Building2, Users } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { announce } from '../../lib/announcer.ts';
import {
  matchingMentions,
  mentionQueryAt,
  type Mentionable,
  type MentionQuery,
} from '@curlew/shared/lib/mentions.ts';
import { Avatar } from '../../ui/avatar.tsx';

/** Entries listed at most; more letters find the others. */
const shownMentions = 50;

/** The open list, or a closed one without entries. */
export interface MentionList {
  readonly listId: string;
  readonly entries: readonly Mentionable[];
  readonly active: number;
  readonly optionId: (index: number) => string;
  readonly choose: (entry: Mentionable) => void;
  /** Takes a key of the text field; false leaves it to the field. */
  readonly takeKey: (event: KeyboardEvent) => boolean;
}

/** State of the list for a text and its caret; `caret` null: the field has no focus. */
export function useMentionList(
  text: string,
  caret: number | null,
  all: readonly Mentionable[],
  onChoose: (entry: Mentionable, query: MentionQuery) => void,
): MentionList {
  const { t } = useTranslation();
  const listId = useId();
  const [active, setActive] = useState(0);
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const typed = caret === null || all.length === 0 ? null : mentionQueryAt(text, caret);
  const query = typed?.query ?? null;
  const entries =
    typed === null || typed.at === closedAt ? [] : matchingMentions(all, typed.query).slice(0, shownMentions);
  const count = entries.length;
  useEffect(() => setActive(0), [query]);
  useEffect(() => {
    if (query === null) setClosedAt(null);
  }, [query]);
  useEffect(() => {
    if (count > 0) announce(t('mention.count', { count }));
  }, [count, t]);
  const at = Math.min(active, Math.max(0, count - 1));
  const choose = (entry: Mentionable) => {
    if (!typed) return;
    setClosedAt(typed.at);
    onChoose(entry, typed);
  };
  const takeKey = (event: KeyboardEvent): boolean => {
    if (count === 0 || event.nativeEvent.isComposing) return false;
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const entry = entries[at];
    if (step !== 0) setActive((at + step + count) % count);
    else if (event.key === 'Escape') setClosedAt(typed?.at ?? null);
    else if ((event.key === 'Enter' || event.key === 'Tab') && entry) choose(entry);
    else return false;
    event.preventDefault();
    return true;
  };
  return { listId, entries, active: at, optionId: (index) => `${listId}-${index}`, choose, takeKey };
}

/** Draws the list over the field. */
export function MentionPopup({ list }: { readonly list: MentionList }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: 'nearest' });
  }, [list.active]);
  if (list.entries.length === 0) return null;
  return (
    <div className="mention-list" role="listbox" id={list.listId} aria-label={t('mention.list')} ref={box}>
      {list.entries.map((entry, at) => (
        <div
          key={entry.id}
          id={list.optionId(at)}
          className="opt"
          role="option"
          aria-selected={at === list.active}
          // The text keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => list.choose(entry)}
        >
          {isWord(entry) ? (
            <Users className="i" aria-hidden="true" />
          ) : entry.kind ? (
            <Building2 className="i" aria-hidden="true" />
          ) : (
            <Avatar name={entry.name} size={28} />
          )}
          <span className="grow clip">{isWord(entry) ? `@${entry.name}` : entry.name}</span>
          {entry.kind ? <span className="sub">{aboutEntry(entry, t)}</span> : null}
        </div>
      ))}
    </div>
  );
}

function aboutEntry({ kind, memberIds = [] }: Mentionable, t: TFunction): string {
  const count = memberIds.length;
  if (kind === 'site') return t('mention.site', { count });
  if (kind === 'unit') return t('mention.unit', { count });
  return t(kind === 'here' ? 'mention.here' : 'mention.everyone');
}

/** It stands for people by a word, not by a name. */
function isWord({ kind }: Mentionable): boolean {
  return kind === 'everyone' || kind === 'here';
}
