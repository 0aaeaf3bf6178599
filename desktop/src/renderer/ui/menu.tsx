/**
 * Menus. One menu per list, not per row: it is anchored to whatever opened it (a button, or a point for the context
 * menu) and filled for that row, so that a list of hundreds carries no hidden menus.
 */
import './overlay.css';
import { Menu as Base } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { shortcutText } from './kbd.tsx';

/** What a menu hangs on: an element, or a point of the window. */
export type MenuAnchor = Element | { readonly x: number; readonly y: number };

interface MenuProps {
  readonly anchor: MenuAnchor | null;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly side?: 'bottom' | 'top' | 'right' | undefined;
  readonly align?: 'start' | 'end' | undefined;
}

/** An open menu while `anchor` is set. Esc closes it and focus goes back to where it came from. */
export function AnchoredMenu({
  anchor,
  label,
  onClose,
  children,
  side = 'bottom',
  align = 'start',
}: MenuProps) {
  return (
    <Base.Root open={anchor !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Positioner
          className="menu-position"
          anchor={anchor === null ? null : anchorElement(anchor)}
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
        >
          <Base.Popup className="menu" aria-label={label}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function anchorElement(anchor: MenuAnchor) {
  if (anchor instanceof Element) return anchor;
  return { getBoundingClientRect: () => new DOMRect(anchor.x, anchor.y, 0, 0) };
}

interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly keys?: string | undefined;
  /** Said at the end of the line, in a lighter weight. */
  readonly note?: string | undefined;
  readonly isDanger?: boolean | undefined;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

/** One command. */
export function MenuItem({ icon, keys, note, isDanger, onSelect, children }: MenuItemProps) {
  return (
    <Base.Item className={`mi${isDanger ? ' dgr' : ''}`} onClick={onSelect}>
      {icon}
      <span className="grow">{children}</span>
      {note ? <span className="s12 t3 num">{note}</span> : null}
      {keys ? (
        <span className="sc" aria-hidden="true">
          {shortcutText(keys)}
        </span>
      ) : null}
    </Base.Item>
  );
}

/** A row of items side by side, for reactions. */
export function MenuRow({ children }: { readonly children: ReactNode }) {
  return <div className="mi-row">{children}</div>;
}

/** An item that shows one glyph only. */
export function MenuGlyph({
  label,
  onSelect,
  children,
}: {
  readonly label: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Base.Item className="mi-glyph" aria-label={label} onClick={onSelect}>
      {children}
    </Base.Item>
  );
}

/** A line between groups of commands. */
export function MenuLine() {
  return <Base.Separator className="msep" />;
}

/** A choice among a few. */
export function MenuRadios<T extends string>({
  value,
  options,
  onChange,
}: {
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly icon?: ReactNode }[];
  readonly onChange: (value: T) => void;
}) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
      {options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} className="mi" closeOnClick>
          {option.icon}
          <span className="grow">{option.label}</span>
          <Base.RadioItemIndicator className="mi-check" aria-hidden="true">
            ✓
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}
