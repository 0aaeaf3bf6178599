/**
 * A text field over a list of hits: focus stays in the text, arrows move the choice, Enter takes it. Shared by the
 * switcher and the choice of people.
 */
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

/** One hit. */
export interface Hit {
  readonly key: string;
  /** Hits with the same heading stand together. */
  readonly heading: string;
  readonly content: ReactNode;
}

interface HitListProps {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly label: string;
  readonly placeholder: string;
  readonly resultsLabel: string;
  readonly hits: readonly Hit[];
  /** Shown when there are no hits. */
  readonly emptyText: string | null;
  readonly onChoose: (key: string) => void;
  /** Backspace before the first letter. */
  readonly onBackspace?: (() => void) | undefined;
  readonly leading?: ReactNode;
  readonly trailing?: ReactNode;
  readonly fieldClass: string;
  /** Between the field and the hits. */
  readonly below?: ReactNode;
  /** False where the focus is to stay on what brought this field up. */
  readonly takesFocus?: boolean | undefined;
}

/** The combobox with its list. */
export function HitList(props: HitListProps) {
  const { query, hits, onChoose, onBackspace } = props;
  const listId = useId();
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => setActive(0), [query]);
  const at = Math.min(active, Math.max(0, hits.length - 1));
  const current = hits[at];
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: 'nearest' });
  }, [at]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && hits.length > 0) {
      event.preventDefault();
      setActive((at + step + hits.length) % hits.length);
    } else if (event.key === 'Enter') {
      // Enter takes a hit, or nothing: it never sends a form this field stands in.
      event.preventDefault();
      if (current) onChoose(current.key);
    } else if (event.key === 'Backspace' && query === '' && onBackspace) {
      event.preventDefault();
      onBackspace();
    }
  };
  return (
    <>
      <div className={props.fieldClass}>
        {props.leading}
        <input
          className="grow"
          type="text"
          role="combobox"
          aria-expanded={hits.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-label={props.label}
          aria-activedescendant={current ? `${listId}-${at}` : undefined}
          autoFocus={props.takesFocus ?? true}
          autoComplete="off"
          spellCheck={false}
          placeholder={props.placeholder}
          value={query}
          onChange={(event) => props.onQuery(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {props.trailing}
      </div>
      {props.below}
      <div className="pb" role="listbox" id={listId} aria-label={props.resultsLabel} ref={list}>
        {hits.map((hit, index) => (
          <div role="presentation" key={hit.key}>
            {hit.heading !== hits[index - 1]?.heading && hit.heading !== '' ? (
              <div className="sect" role="presentation">
                {hit.heading}
              </div>
            ) : null}
            <div
              role="option"
              id={`${listId}-${index}`}
              className="opt"
              aria-selected={index === at}
              onPointerMove={() => setActive(index)}
              onClick={() => onChoose(hit.key)}
            >
              {hit.content}
            </div>
          </div>
        ))}
        {hits.length === 0 && props.emptyText ? <p className="opt-none">{props.emptyText}</p> : null}
      </div>
    </>
  );
}
