/** Which message is being forwarded: asked for in a timeline, answered by the dialog over the window. */
import type { MessageRow } from '../../ipc/message-rows.ts';
import { createStore, type Store } from './store.ts';

/** A message and where it stands. */
export interface Forwarding {
  readonly conversationId: string;
  readonly row: MessageRow;
}

/** The message being forwarded, or null. */
export const forwarding: Store<Forwarding | null> = createStore<Forwarding | null>(null);
