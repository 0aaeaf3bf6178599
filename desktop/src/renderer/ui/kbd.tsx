import { bridge } from '../lib/bridge.ts';

const macNames: Record<string, string> = { Ctrl: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵' };

/** Key caps of a shortcut such as `Ctrl+K`, in the words of the platform. */
export function Kbd({ keys }: { readonly keys: string }) {
  const isMac = bridge().boot.platform === 'darwin';
  return (
    <span className="kbds" aria-hidden="true">
      {keys.split('+').map((key) => (
        <kbd className="kbd" key={key}>
          {isMac ? (macNames[key] ?? key) : key}
        </kbd>
      ))}
    </span>
  );
}

/** A shortcut as plain text, for tooltips and menus. */
export function shortcutText(keys: string): string {
  const isMac = bridge().boot.platform === 'darwin';
  const names = keys.split('+').map((key) => (isMac ? (macNames[key] ?? key) : key));
  return names.join(isMac ? '' : ' ');
}
