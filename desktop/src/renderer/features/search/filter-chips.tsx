/** The filters of a query as chips to take away, and a menu of those that can be added. The query stays the truth. */
import type { TFunction } from 'i18next';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseSearch, printSearch, type SearchClause } from '@curlew/shared/domain/search.ts';
import { dayKey } from '../../lib/format.ts';
import { AnchoredMenu, MenuItem } from '../../ui/menu.tsx';

interface FilterChipsProps {
  readonly query: string;
  /** The changed query; the field takes the focus. */
  readonly onQuery: (query: string) => void;
}

/** What the menu adds; a name is left for the person to type. */
const additions = ['from', 'in', 'hasLink', 'isUnread', 'before', 'after'] as const;
type Addition = (typeof additions)[number];

/** The row of chips. */
export function FilterChips({ query, onQuery }: FilterChipsProps) {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<Element | null>(null);
  const clauses = parseSearch(query);
  return (
    <div className="chips search-chips">
      {clauses.map((clause, index) =>
        clause.kind === 'text' ? null : (
          <button
            // Chips of the same filter are told apart by their place alone.
            key={`${index}:${clause.kind}`}
            type="button"
            className="chip"
            aria-pressed="true"
            aria-label={t('search.removeFilter', { filter: chipText(clause, t) })}
            onClick={() => onQuery(printSearch(clauses.filter((_, at) => at !== index)))}
          >
            {chipText(clause, t)}
            <X className="i i12" aria-hidden="true" />
          </button>
        ),
      )}
      <button
        type="button"
        className="chip out"
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <Plus className="i i12" aria-hidden="true" />
        {t('search.addFilter')}
      </button>
      <AnchoredMenu anchor={anchor} label={t('search.addFilter')} onClose={() => setAnchor(null)}>
        {additions.map((addition) => (
          <MenuItem key={addition} onSelect={() => onQuery(withFilter(query, addition))}>
            {t(`search.filter.${addition}`)}
          </MenuItem>
        ))}
      </AnchoredMenu>
    </div>
  );
}

/** A filter in words. */
function chipText({ kind, value, isNegated }: SearchClause, t: TFunction): string {
  if (kind === 'text') return value;
  const name = isNegated ? (`${kind}Not` as const) : kind;
  return t(`search.chip.${name}`, { value });
}

function withFilter(query: string, addition: Addition): string {
  return [query.trim(), tokenOf(addition)].filter((part) => part !== '').join(' ');
}

function tokenOf(addition: Addition): string {
  switch (addition) {
    case 'from':
    case 'in':
      return `${addition}:`;
    case 'hasLink':
      return 'has:link ';
    case 'isUnread':
      return 'is:unread ';
    case 'before':
    case 'after':
      return `${addition}:${dayKey(Date.now())}`;
  }
}
