/**
 * Whom the texts being written mention. Owns, by place, who was picked from the list, and the draft that came from the
 * core, whose mentions were picked before. In memory: a draft is text alone.
 */
import type { ComposeTarget } from '../../lib/compose-target.ts';
import { mentionedIds, type Mentionable } from '@curlew/shared/lib/mentions.ts';
import { limits } from '@curlew/shared/domain/limits.ts';

const chosenByPlace = new Map<string, Set<string>>();
const restoredByPlace = new Map<string, string>();

/** Somebody was picked while writing in a place. */
export function keepMention(place: string, id: string): void {
  const chosen = chosenByPlace.get(place) ?? new Set();
  chosenByPlace.set(place, chosen.add(id));
}

/** Where the mentions of what is being written are kept: those of an edit apart from those of the draft behind it. */
export function mentionPlace(place: string, target: ComposeTarget | undefined): string {
  return target?.kind === 'edit' ? `edit:${target.messageId}` : place;
}

/** A message is edited: whom it mentions was picked when it was written. */
export function takeMentions(place: string, ids: readonly string[]): void {
  chosenByPlace.set(place, new Set(ids));
}

/** A draft came back; whoever it names was picked when it was written. */
export function trustMentionsOf(place: string, text: string): void {
  restoredByPlace.set(place, text);
}

/** Ids to send with a text. */
export function mentionsToSend(place: string, text: string, all: readonly Mentionable[]): string[] {
  const restored = restoredByPlace.get(place);
  const chosen = chosenByPlace.get(place) ?? new Set<string>();
  return mentionedIds(text, all, chosen, restored === undefined ? [] : [restored]).slice(0, limits.mentions);
}

/** A text was sent: the next one begins without mentions. */
export function forgetMentions(place: string): void {
  chosenByPlace.delete(place);
  restoredByPlace.delete(place);
}
