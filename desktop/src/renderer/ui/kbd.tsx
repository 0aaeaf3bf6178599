import { en } from '../i18n/en.ts';
import { phrase } from '../i18n/index.ts';
import { bridge } from '../lib/bridge.ts';

const macNames: Record<string, string> = { Ctrl: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵' };

/** Key caps of a shortcut such as `Ctrl+K`, in the words of the platform. */
export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <span className="kbds" aria-hidden="true">
      {keyNames(keys).map((name) => (
        <kbd className="kbd" key={name}>
          {name}
        </kbd>
      ))}
    </span>
  );
}

/** A shortcut as plain text, for tooltips and menus. */
export function shortcutText(keys: string): string {
  const isMac = bridge().boot.platform === 'darwin';
  return keyNames(keys).join(isMac ? '' : ' ');
}

function keyNames(keys: string): readonly string[] {
  const isMac = bridge().boot.platform === 'darwin';
  // Plus also stands alone, as the key that reacts.
  const names = keys === '+' ? [keys] : keys.split('+');
  return names.map((name) => (isMac ? (macNames[name] ?? keyName(name)) : keyName(name)));
}

/** What stands on the key where this language is written. Signs, letters and function keys are called the same. */
function keyName(name: string): string {
  return isNamed(name) ? phrase(`keys.${name}`) : name;
}

function isNamed(name: string): name is keyof typeof en.keys {
  return Object.hasOwn(en.keys, name);
}
