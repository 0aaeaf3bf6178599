/**
 * The invitation a link brought to this window. Owns that it waits until it was used or put away: whoever is signed out,
 * or signed in elsewhere, gets to it after signing in.
 */
import { translate } from '../i18n/index.ts';
import { bridge } from './bridge.ts';
import { createStore, type Store } from './store.ts';
import { showToast } from './toast.ts';

/** A code, and the server that knows it. */
export interface Invitation {
  readonly code: string;
  readonly serverUrl: string;
}

/** The newest one that is still to be answered, or null. */
export const invitation: Store<Invitation | null> = createStore<Invitation | null>(null);

/** Takes invitations from now on; `ready` when words can be shown. */
export function takeInvitations(ready: Promise<unknown>): void {
  const sayUnreadable = () => showToast({ text: translate()('invitation.badLink') });
  bridge().onCommand((command) => {
    if (command.name === 'openInvitation') {
      const { code, serverUrl } = command;
      invitation.set({ code, serverUrl });
    } else if (command.name === 'badLink') void ready.then(sayUnreadable, sayUnreadable);
  });
}
