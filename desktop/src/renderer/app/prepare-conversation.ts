/**
 * Opening a conversation asks for all it shows at once: the conversation's own facts and, where they can be guessed,
 * the rows of its timeline. Owns the guess; a wrong one costs a read, and the timeline then asks for the right ones.
 */
import type { PointerEvent } from 'react';
import { savedPosition } from '../features/timeline/saved-positions.ts';
import { openingWindow } from '../features/timeline/window.ts';
import { liveView } from '../lib/live-view.ts';

/** What is prepared and not opened is given back after this. */
const keptMs = 1000;

/** Opens the views of a conversation that is about to be shown, or was just chosen. */
export function prepareConversation(conversationId: string): void {
  const range = openingWindow(null, 0, savedPosition(conversationId));
  // The rows first: the conversation's answer then finds them, and both are drawn together.
  const views = [
    liveView('timeline', { conversationId, ...range }),
    liveView('conversation', { conversationId }),
  ];
  const giveBack = views.map((view) => view.retain());
  setTimeout(() => giveBack.forEach((release) => release()), keptMs);
}

/** The same at the press on a row of the list: its click follows a tenth of a second later. */
export function preparePressed({ button, target }: PointerEvent): void {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-conversation]') : null;
  const id = row?.dataset['conversation'];
  if (button === 0 && id !== undefined) prepareConversation(id);
}
