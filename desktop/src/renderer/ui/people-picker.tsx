/**
 * Choosing people by name. Owns the search, the chips of those chosen and their keyboard: Enter adds, Backspace before
 * the first letter takes the last one out. Works on what this device knows, so also offline.
 */
import './people-picker.css';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonRow } from '../../ipc/views.ts';
import { announce } from '../lib/announcer.ts';
import { presenceText } from '../lib/presence-text.ts';
import { useMovingView } from '../lib/use-view.ts';
import { Avatar } from './avatar.tsx';
import { Chip } from './chip.tsx';
import { Highlighted } from './highlighted.tsx';
import { HitList } from './hit-list.tsx';
import { PersonMarks } from './person-marks.tsx';
import { Kbd } from './kbd.tsx';

/** People listed at most, and the most the view gives at once. */
const shownPeople = 30;
const askedPeople = 200;

interface PeoplePickerProps {
  readonly label: string;
  /** Never offered: oneself, and whoever is in already. */
  readonly excludedIds: ReadonlySet<string>;
  readonly chosen: readonly PersonRow[];
  /** Only people of this organization; absent: of all. */
  readonly orgId?: string | undefined;
  readonly isOffline: boolean;
  /** Said when nobody is left to offer. */
  readonly nobodyText: string;
  /** See `HitList`. */
  readonly takesFocus?: boolean | undefined;
  readonly onAdd: (person: PersonRow) => void;
  readonly onRemove: (person: PersonRow) => void;
}

/** The field with its chips, and the people that match. */
export function PeoplePicker({
  label,
  excludedIds,
  chosen,
  orgId,
  isOffline,
  nobodyText,
  takesFocus,
  onAdd,
  onRemove,
}: PeoplePickerProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const limit = Math.min(askedPeople, shownPeople + excludedIds.size + chosen.length);
  const view = useMovingView('people', { query: query.trim(), limit, ...(orgId ? { orgId } : {}) }, 'people');
  const { state } = view;
  const isTaken = (id: string) => excludedIds.has(id) || chosen.some((person) => person.id === id);
  const people = (state?.order ?? [])
    .flatMap((key) => state?.rows[key] ?? [])
    .filter((person) => !isTaken(person.id))
    .slice(0, shownPeople);
  useEffect(() => {
    if (query === '') return undefined;
    const timer = setTimeout(() => announce(t('newConversation.resultCount', { count: people.length })), 400);
    return () => clearTimeout(timer);
  }, [query, people.length, t]);
  const remove = (person: PersonRow) => {
    onRemove(person);
    announce(t('newConversation.removed', { name: person.name }));
  };
  const last = chosen.at(-1);
  const emptyText = query === '' ? nobodyText : t('newConversation.none', { query });
  return (
    <HitList
      query={query}
      onQuery={setQuery}
      label={label}
      placeholder={t(chosen.length > 0 ? 'newConversation.placeholderMore' : 'newConversation.placeholder')}
      resultsLabel={t('newConversation.results')}
      takesFocus={takesFocus}
      fieldClass={`inp${chosen.length > 0 ? ' with-chips' : ''}`}
      leading={
        chosen.length === 0 ? (
          <Search className="i i16" aria-hidden="true" />
        ) : (
          chosen.map((person) => (
            <Chip
              key={person.id}
              name={person.name}
              removeLabel={t('newConversation.remove', { name: person.name })}
              onRemove={() => remove(person)}
            />
          ))
        )
      }
      emptyText={state && !view.isStale ? emptyText : null}
      hits={people.map((person) => ({
        key: person.id,
        heading: '',
        content: (
          <>
            <Avatar
              name={person.name}
              size={32}
              presence={isOffline ? null : (person.presence?.state ?? 'offline')}
            />
            <div className="grow">
              <div className="row marked med">
                <span className="clip">
                  <Highlighted text={person.name} query={query} />
                </span>
                <PersonMarks {...person} />
              </div>
              <div className="sub clip">{person.title ?? presenceText(person.presence, isOffline, t)}</div>
            </div>
            <Kbd keys="↵" />
          </>
        ),
      }))}
      onChoose={(userId) => {
        const person = people.find((each) => each.id === userId);
        // Rows of the words before these: Enter would take somebody else than it will show.
        if (!person || view.isStale) return;
        setQuery('');
        onAdd(person);
      }}
      onBackspace={last ? () => remove(last) : undefined}
    />
  );
}
