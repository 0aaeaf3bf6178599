/** Changing how the app looks and behaves on this device. */
import type { Preferences } from '../../ipc/views.ts';
import { errorText, translate } from '../i18n/index.ts';
import { invoke } from './bridge.ts';
import { showToast } from './toast.ts';

/** Changes preferences; applied at once in every window. A refusal becomes a toast. */
export function setPreferences(change: Partial<Preferences>): void {
  void invoke('preferences.set', change).then((result) => {
    if (!result.ok) showToast({ text: translate()('settings.refused', { reason: errorText(result.error) }) });
  });
}
