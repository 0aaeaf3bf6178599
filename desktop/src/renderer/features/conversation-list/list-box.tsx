/** The rows: fixed heights, drawn only where visible, roving focus, order held still under pointer and keyboard focus. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationRow as Conversation } from '../../../ipc/views.ts';
import { dayKey } from '../../lib/format.ts';
import { focusComposer, openConversation } from '../../lib/navigation.ts';
import { usePresenceWatch } from '../../lib/presence-watch.ts';
import { useMeta } from '../../lib/use-view.ts';
import type { MenuAnchor } from '../../ui/menu.tsx';
import { ConversationRow } from './conversation-row.tsx';
import { heldOrder, lineAt, lineCount, lineOfPosition, offsetFor } from './layout.ts';
import { RowMenu } from './row-menu.tsx';

interface ListBoxProps {
  /** Names the list, so that each keeps where it was scrolled to. */
  readonly place: string;
  readonly order: readonly string[];
  readonly rows: Readonly<Record<string, Conversation>>;
  /** Position of the first row of `order` in the whole list. */
  readonly offset: number;
  /** The rows still belong to the previous offset. */
  readonly isStale: boolean;
  readonly total: number;
  readonly pinned: number;
  readonly selectedId: string | null;
  readonly isOffline: boolean;
  readonly onOffset: (offset: number) => void;
}

const sectionPx = 28;
const rowPx = { comfortable: 64, compact: 48 } as const;
/** Scroll positions by list, for this run. */
const scrollOf = new Map<string, number>();

/** The list itself. */
export function ListBox(props: ListBoxProps) {
  const { place, rows, offset, isStale, total, pinned, selectedId, onOffset } = props;
  const { t } = useTranslation();
  const density = useMeta('preferences', {})?.density ?? 'comfortable';
  const scroller = useRef<HTMLDivElement>(null);
  const [isHeld, setHeld] = useState(false);
  const [focusId, setFocusId] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ row: Conversation; anchor: MenuAnchor } | null>(null);
  // Offset and order change together; while a new window opens the old rows keep their old place.
  const placed = useRef(offset);
  if (!isStale) placed.current = offset;
  const order = useHeldOrder(props.order, isHeld && !isStale);
  const today = useToday();
  const height = rowPx[density];
  const virtual = useVirtualizer({
    count: lineCount(total, pinned),
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lineAt(index, pinned).kind === 'section' ? sectionPx : height),
    overscan: 6,
    initialOffset: scrollOf.get(place) ?? 0,
  });
  useEffect(() => virtual.measure(), [virtual, height, pinned]);
  const lines = virtual.getVirtualItems();
  const middle = lineAt(lines[Math.floor(lines.length / 2)]?.index ?? 0, pinned);
  const wantedOffset = middle.kind === 'row' ? offsetFor(middle.position) : offset;
  useEffect(() => {
    if (wantedOffset !== offset && total > order.length) onOffset(wantedOffset);
  }, [wantedOffset, offset, total, order.length, onOffset]);
  usePresenceWatch(lines.map((line) => rowAt(props, order, placed.current, line.index)?.peerId ?? null));

  const latest = useRef({ order, rows, placed: placed.current, total, pinned, virtual });
  latest.current = { order, rows, placed: placed.current, total, pinned, virtual };
  const onOpen = useCallback((id: string) => openConversation(id), []);
  const onMenu = useCallback((row: Conversation, anchor: MenuAnchor) => setMenu({ row, anchor }), []);
  const onKey = useCallback((event: KeyboardEvent<HTMLElement>, row: Conversation, position: number) => {
    const { total: count, virtual: list, pinned: pins } = latest.current;
    const target = positionForKey(event.key, position, count, list.getVirtualItems().length);
    if (target !== null && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      list.scrollToIndex(lineOfPosition(target, pins));
      focusPosition(target);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      openConversation(row.id);
      if (event.key === 'Enter') focusComposer();
    } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      event.preventDefault();
      setMenu({ row, anchor: event.currentTarget });
    }
  }, []);

  const tabStopId = chooseTabStop(order, focusId, selectedId);
  return (
    <div
      className="rows"
      role="listbox"
      aria-label={t('nav.conversations')}
      ref={scroller}
      data-region="list"
      onScroll={(event) => scrollOf.set(place, event.currentTarget.scrollTop)}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={(event) => setHeld(event.target.matches(':focus-visible') || isHeld)}
      onBlur={() => setHeld(scroller.current?.matches(':hover') === true)}
    >
      <div className="rows-in" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {lines.map((line) => {
          const kind = lineAt(line.index, pinned);
          const row = rowAt(props, order, placed.current, line.index);
          return (
            <div
              className="row-place"
              role="presentation"
              key={row?.id ?? line.key}
              style={{ transform: `translateY(${line.start}px)`, height: line.size }}
            >
              {kind.kind === 'section' ? (
                <div className="sect" role="presentation">
                  {t(`list.${kind.section}`)}
                </div>
              ) : row ? (
                <ConversationRow
                  row={row}
                  position={kind.position}
                  total={total}
                  isSelected={row.id === selectedId}
                  isTabStop={row.id === tabStopId}
                  isOffline={props.isOffline}
                  today={today}
                  onOpen={onOpen}
                  onMenu={onMenu}
                  onFocusRow={setFocusId}
                  onKey={onKey}
                />
              ) : null}
            </div>
          );
        })}
      </div>
      <RowMenu target={menu} onClose={() => setMenu(null)} />
    </div>
  );
}

function rowAt(
  { rows, pinned }: ListBoxProps,
  order: readonly string[],
  offset: number,
  index: number,
): Conversation | undefined {
  const line = lineAt(index, pinned);
  if (line.kind !== 'row') return undefined;
  const key = order[line.position - offset];
  return key === undefined ? undefined : rows[key];
}

function useHeldOrder(order: readonly string[], isHeld: boolean): readonly string[] {
  const shown = useRef(order);
  const next = isHeld ? heldOrder(shown.current, order) : order;
  shown.current = next;
  return next;
}

function chooseTabStop(
  order: readonly string[],
  focusId: string | null,
  selectedId: string | null,
): string | undefined {
  if (focusId !== null && order.includes(focusId)) return focusId;
  if (selectedId !== null && order.includes(selectedId)) return selectedId;
  return order[0];
}

function positionForKey(key: string, position: number, total: number, page: number): number | null {
  const clamp = (value: number) => Math.max(0, Math.min(total - 1, value));
  switch (key) {
    case 'ArrowDown':
      return clamp(position + 1);
    case 'ArrowUp':
      return clamp(position - 1);
    case 'Home':
      return 0;
    case 'End':
      return clamp(total - 1);
    case 'PageDown':
      return clamp(position + Math.max(1, page - 2));
    case 'PageUp':
      return clamp(position - Math.max(1, page - 2));
    default:
      return null;
  }
}

/** A row outside the view is drawn a frame after scrolling there. */
function focusPosition(position: number, tries = 20): void {
  const element = document.querySelector<HTMLElement>(
    `[role="option"][aria-posinset="${position + 1}"][data-conversation]`,
  );
  if (element) element.focus();
  else if (tries > 0) requestAnimationFrame(() => focusPosition(position, tries - 1));
}

/** The local day; changes at midnight, so that "Today" does not stay for ever. */
function useToday(): string {
  const [today, setToday] = useState(() => dayKey(Date.now()));
  useEffect(() => {
    const timer = setInterval(() => setToday(dayKey(Date.now())), 60_000);
    return () => clearInterval(timer);
  }, []);
  return today;
}
