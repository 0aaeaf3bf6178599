/** In which conversation a day is being chosen to go to; asked for in its menu, answered by the dialog over it. */
import { createStore, type Store } from './store.ts';

/** The conversation, or null. */
export const dateJump: Store<string | null> = createStore<string | null>(null);
