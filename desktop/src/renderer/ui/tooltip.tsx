/**
 * Tooltips: after 500 ms, at once between neighbours, with the shortcut. The trigger keeps its own accessible name;
 * the tooltip repeats it for the eye and is not announced a second time.
 */
import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';
import { shortcutText } from './kbd.tsx';

/** Groups tooltips so that neighbours show at once. Stands at the root of the app. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Base.Provider delay={500} closeDelay={0}>
      {children}
    </Base.Provider>
  );
}

/** Shows a label (and shortcut) on hover and keyboard focus of its one child. */
export function Tooltip({
  label,
  keys,
  side = 'bottom',
  children,
}: {
  readonly label: string;
  readonly keys?: string | undefined;
  readonly side?: 'top' | 'bottom' | 'right' | 'left';
  readonly children: ReactElement<Record<string, unknown>>;
}) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner className="tip-position" side={side} sideOffset={6}>
          <Base.Popup className="tip" aria-hidden="true">
            {label}
            {keys ? <span className="tip-keys">{shortcutText(keys)}</span> : null}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
