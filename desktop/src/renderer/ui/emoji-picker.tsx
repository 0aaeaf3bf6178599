/**
 * The emoji picker: search, recent first, a keyboard grid (arrows, Home, End, Enter), skin tone. Rows are virtual, so
 * opening it costs a screenful whatever the set holds.
 */
import './emoji-picker.css';
import { Popover as Base } from '@base-ui/react/popover';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Search } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import {
  loadEmoji,
  recentEmoji,
  rememberEmoji,
  savedTone,
  saveTone,
  searchEmoji,
  skinTones,
  withTone,
  type Emoji,
  type EmojiGroup,
  type SkinTone,
} from '../lib/emoji.ts';

const columns = 9;
const rowPx = 36;

/** Where the picker hangs and what happens with the choice. */
interface EmojiPickerProps {
  readonly anchor: Element | null;
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
}

/** A popover with all emoji, open while it has an anchor. */
export function EmojiPicker({ anchor, onPick, onClose }: EmojiPickerProps) {
  const { t } = useTranslation();
  return (
    <Base.Root open={anchor !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Positioner
          className="menu-position"
          anchor={anchor}
          side="top"
          align="end"
          sideOffset={8}
          collisionPadding={8}
        >
          <Base.Popup className="pop emoji" aria-label={t('emoji.title')}>
            <PickerBody
              onPick={(emoji) => {
                rememberEmoji(emoji);
                onPick(emoji);
                onClose();
              }}
            />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

type GridRow = { readonly title: string } | { readonly cells: readonly Emoji[] };

/** Groups as rows of nine, each group under its title. */
function gridRows(groups: readonly EmojiGroup[]): GridRow[] {
  return groups.flatMap((group) => {
    const rows: GridRow[] = group.name ? [{ title: group.name }] : [];
    for (let at = 0; at < group.emojis.length; at += columns) {
      rows.push({ cells: group.emojis.slice(at, at + columns) });
    }
    return rows;
  });
}

function usePickerRows(query: string): { rows: GridRow[]; isLoaded: boolean } {
  const { t } = useTranslation();
  const [groups, setGroups] = useState<readonly EmojiGroup[] | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void loadEmoji().then((all) => isCurrent && setGroups(all));
    return () => {
      isCurrent = false;
    };
  }, []);
  const rows = useMemo(() => {
    const all = groups ?? [];
    if (query.trim() !== '') return gridRows([{ name: '', emojis: searchEmoji(all, query) }]);
    const names = new Map(all.flatMap((group) => group.emojis).map((each) => [each.emoji, each.name]));
    const recent = recentEmoji().map((emoji) => ({
      emoji,
      name: names.get(emoji) ?? emoji,
      hasTones: false,
    }));
    return gridRows([{ name: t('emoji.recent'), emojis: recent }, ...all]);
  }, [groups, query, t]);
  return { rows, isLoaded: groups !== null };
}

function PickerBody({ onPick }: { readonly onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [tone, setTone] = useState<SkinTone>(savedTone);
  const [active, setActive] = useState<{ row: number; column: number } | null>(null);
  const { rows, isLoaded } = usePickerRows(query);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 3,
  });
  const firstRow = rows.findIndex((row) => 'cells' in row);
  const at = active ?? { row: firstRow, column: 0 };
  const activeRow = rows[at.row];
  const activeCell = activeRow && 'cells' in activeRow ? activeRow.cells[at.column] : undefined;

  const move = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && activeCell) {
      event.preventDefault();
      onPick(withTone(activeCell, tone));
      return;
    }
    const next = moved(rows, at, event.key);
    if (!next) return;
    event.preventDefault();
    setActive(next);
    virtual.scrollToIndex(next.row);
  };

  return (
    <div className="emoji-body" onKeyDown={move}>
      <div className="inp">
        <Search className="i i16" aria-hidden="true" />
        <input
          className="grow"
          type="search"
          value={query}
          placeholder={t('emoji.search')}
          aria-label={t('emoji.search')}
          aria-activedescendant={activeCell ? `emoji-${at.row}-${at.column}` : undefined}
          aria-controls="emoji-grid"
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(null);
          }}
        />
      </div>
      <div className="emoji-scroll" ref={scroller} role="grid" id="emoji-grid" aria-label={t('emoji.title')}>
        {rows.length === 0 ? (
          <p className="emoji-none">{t(isLoaded ? 'emoji.none' : 'emoji.loading')}</p>
        ) : null}
        <div className="emoji-rows" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                className="emoji-row"
                role="row"
                key={item.key}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {'title' in row ? (
                  <div className="sect" role="rowheader">
                    {row.title}
                  </div>
                ) : (
                  row.cells.map((cell, column) => (
                    <button
                      type="button"
                      role="gridcell"
                      key={cell.emoji}
                      id={`emoji-${item.index}-${column}`}
                      className={item.index === at.row && column === at.column && active ? 'on' : undefined}
                      tabIndex={-1}
                      aria-label={cell.name}
                      onPointerEnter={() => setActive({ row: item.index, column })}
                      onClick={() => onPick(withTone(cell, tone))}
                    >
                      {withTone(cell, tone)}
                    </button>
                  ))
                )}
              </div>
            );
          })}
        </div>
      </div>
      <div className="emoji-foot">
        <em aria-hidden="true">{activeCell ? withTone(activeCell, tone) : ''}</em>
        <span className="grow clip">{activeCell?.name}</span>
        <label className="emoji-tone">
          {t('emoji.skinTone')}
          <select
            value={tone}
            onChange={(event) => {
              const next = event.target.value as SkinTone;
              setTone(next);
              saveTone(next);
            }}
          >
            {(Object.keys(skinTones) as SkinTone[]).map((name) => (
              <option key={name} value={name}>
                {toneLabel(skinTones[name], t(`emoji.tone.${name}`))}
              </option>
            ))}
          </select>
        </label>
      </div>
    </div>
  );
}

/** A skin tone in the list of tones: a hand that has it, and its name. */
function toneLabel(tone: string, name: string): string {
  return `✋${tone} ${name}`;
}

/** The cell an arrow key leads to; null when the key means nothing here. */
function moved(
  rows: readonly GridRow[],
  from: { readonly row: number; readonly column: number },
  key: string,
): { row: number; column: number } | null {
  const cellsAt = (row: number) => {
    const found = rows[row];
    return found && 'cells' in found ? found.cells : null;
  };
  const step = (row: number, by: 1 | -1): number => {
    for (let at = row + by; at >= 0 && at < rows.length; at += by) if (cellsAt(at)) return at;
    return row;
  };
  const clamp = (row: number, column: number) => ({
    row,
    column: Math.min(column, (cellsAt(row)?.length ?? 1) - 1),
  });
  const { row, column } = from;
  switch (key) {
    case 'ArrowDown':
      return clamp(step(row, 1), column);
    case 'ArrowUp':
      return clamp(step(row, -1), column);
    case 'ArrowRight':
      return column + 1 < (cellsAt(row)?.length ?? 0) ? { row, column: column + 1 } : clamp(step(row, 1), 0);
    case 'ArrowLeft':
      return column > 0 ? { row, column: column - 1 } : clamp(step(row, -1), columns - 1);
    default:
      return null;
  }
}
