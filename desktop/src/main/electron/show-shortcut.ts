/** The keys that bring Curlew up from any program; off until the person wants them. */
import { globalShortcut } from 'electron';
import { SHOW_SHORTCUT } from '../../ipc/views.ts';

/**
 * Takes the keys, or gives them back.
 *
 * @returns false when they could not be taken: another program has them, or the desktop lets no program have any
 */
export function setShowShortcut(isOn: boolean, show: () => void): boolean {
  globalShortcut.unregister(SHOW_SHORTCUT);
  return !isOn || globalShortcut.register(SHOW_SHORTCUT, show);
}
