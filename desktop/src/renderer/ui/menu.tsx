/**
 * Menus. One menu per list, not per row: it is anchored to whatever opened it (a button, or a point for the context
 * menu) and filled for that row, so that a list of hundreds carries no hidden menus.
 */
import './overlay.css';
import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
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
  /** Its name has a smaller line below it. */
  readonly hasTwoLines?: boolean | undefined;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

/** One command. */
export function MenuItem({ icon, keys, note, isDanger, hasTwoLines, onSelect, children }: MenuItemProps) {
  return (
    <Base.Item className={`mi${isDanger ? ' dgr' : ''}${hasTwoLines ? ' two' : ''}`} onClick={onSelect}>
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

/** Commands or choices that belong together, under their name. */
export function MenuSection({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="sect">{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}

/** Something to switch on or off while the menu stays open. */
export function MenuCheck({
  isOn,
  depth = 0,
  note,
  onChange,
  children,
}: {
  readonly isOn: boolean;
  /** How far inside another it stands. */
  readonly depth?: number;
  /** Said at the end of the line, in a lighter weight. */
  readonly note?: string | undefined;
  readonly onChange: (isOn: boolean) => void;
  readonly children: ReactNode;
}) {
  return (
    <Base.CheckboxItem className={`mi ${indentOf(depth)}`} checked={isOn} onCheckedChange={onChange}>
      <span className={`mi-box${isOn ? ' on' : ''}`} aria-hidden="true">
        {isOn ? <Check className="i i12" /> : null}
      </span>
      <span className="grow clip">{children}</span>
      {note ? <span className="s12 t3 num">{note}</span> : null}
    </Base.CheckboxItem>
  );
}

/** One of {@link MenuChoices}: its name, with a smaller line below it. */
export interface MenuChoice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly note?: string | undefined;
  /** How far inside another it stands. */
  readonly depth?: number;
}

/** A choice among many, each with its circle. */
export function MenuChoices<T extends string>({
  value,
  options,
  onChange,
}: {
  readonly value: T;
  readonly options: readonly MenuChoice<T>[];
  readonly onChange: (value: T) => void;
}) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
      {options.map((option) => (
        <Base.RadioItem
          key={option.value}
          value={option.value}
          className={`mi two ${indentOf(option.depth ?? 0)}`}
          closeOnClick
        >
          <span className={`mi-radio${option.value === value ? ' on' : ''}`} aria-hidden="true" />
          <span className="grow col">
            <span className="clip">{option.label}</span>
            {option.note ? <span className="s12 t3 clip">{option.note}</span> : null}
          </span>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

// Deeper than this a name would have no room.
function indentOf(depth: number): string {
  return `in${Math.min(depth, 3)}`;
}

/** Commands that end a menu of choices, drawn as buttons beside each other. */
export function MenuEnd({
  actions,
}: {
  readonly actions: readonly {
    readonly label: string;
    readonly isPrimary?: boolean;
    readonly onSelect: () => void;
  }[];
}) {
  return (
    <div className="mi-end">
      {actions.map(({ label, isPrimary, onSelect }) => (
        <Base.Item key={label} className={`btn sm grow${isPrimary ? ' primary' : ''}`} onClick={onSelect}>
          {label}
        </Base.Item>
      ))}
    </div>
  );
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
