/**
 * Keeps what is being written. Owns the texts of this window by conversation and their way into the core: 250 ms after
 * typing, on blur, on switching and on leaving. A text leaves the keeper only after the core took it or the person
 * removed it, so a switch, a reload or a refused send never loses a word.
 */
import { tell } from '../../lib/bridge.ts';
import { threadRootOf, type ComposeTarget } from '../../lib/compose-target.ts';

/** A draft as the core stores it. */
export interface StoredDraft {
  readonly text: string;
  readonly replyTo: string | null;
}

interface Kept {
  /** Where the place is; the place itself unless it is a thread. */
  conversationId: string;
  text: string;
  replyTo: string | null;
  /** What the core has, as far as this window knows. */
  saved: StoredDraft | null;
  /** What it had before, since a moment ago: the core's word on these may still arrive. */
  echoes: { readonly draft: StoredDraft | null; readonly atMs: number }[];
  /** The stored draft was taken over once; later ones count only while nothing is being written. */
  isLoaded: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Delay between the last key press and the save. */
export const draftDelayMs = 250;

/** How long after a save the core's word on the draft may still be about the one before, ms. */
const echoMs = 1500;

const kept = new Map<string, Kept>();

function entryOf(conversationId: string): Kept {
  const found = kept.get(conversationId);
  if (found) return found;
  const made: Kept = {
    conversationId,
    text: '',
    replyTo: null,
    saved: null,
    echoes: [],
    isLoaded: false,
    timer: undefined,
  };
  kept.set(conversationId, made);
  return made;
}

/** The text being written in a conversation, or in a thread (by its place). */
export function draftText(conversationId: string): string {
  return entryOf(conversationId).text;
}

/** A thread is shown: what is written in it belongs to this conversation. */
export function placeThread(place: string, conversationId: string): void {
  entryOf(place).conversationId = conversationId;
}

/** The person changed text or reply target. Saved a moment later. */
export function keepDraft(conversationId: string, text: string, target: ComposeTarget | undefined): void {
  // What an edit types belongs to its message, not to the draft.
  if (target?.kind === 'edit') return;
  const entry = entryOf(conversationId);
  entry.text = text;
  entry.replyTo = target?.messageId ?? null;
  entry.isLoaded = true;
  clearTimeout(entry.timer);
  entry.timer = setTimeout(() => flushDraft(conversationId), draftDelayMs);
}

/** Saves now, if anything changed since the last save. */
export function flushDraft(conversationId: string): void {
  const entry = kept.get(conversationId);
  if (!entry) return;
  clearTimeout(entry.timer);
  entry.timer = undefined;
  const draft =
    entry.text === '' && entry.replyTo === null ? null : { text: entry.text, replyTo: entry.replyTo };
  if (!isSame(draft, entry.saved)) save(conversationId, entry, draft);
}

function save(place: string, entry: Kept, draft: StoredDraft | null): void {
  const over = entry.saved;
  noteSaved(entry, draft);
  const { conversationId } = entry;
  const threadRootId = threadRootOf(place);
  tell('draft.save', { conversationId, ...(threadRootId === null ? {} : { threadRootId }), draft, over });
}

function noteSaved(entry: Kept, draft: StoredDraft | null): void {
  const atMs = performance.now();
  entry.echoes = [...entry.echoes.filter((echo) => atMs - echo.atMs < echoMs), { draft: entry.saved, atMs }];
  entry.saved = draft;
}

/**
 * The core told its draft (at opening, or another device wrote one).
 * @returns the text to show, or null when what is being written here stays
 */
export function takeStoredDraft(
  conversationId: string,
  stored: StoredDraft | null,
  isWriting: boolean,
): StoredDraft | null {
  const entry = entryOf(conversationId);
  const now = performance.now();
  const isEcho = entry.echoes.some(({ draft, atMs }) => now - atMs < echoMs && isSame(draft, stored));
  if (entry.isLoaded && (isSame(entry.saved, stored) || isEcho)) return null;
  if (entry.isLoaded && entry.text !== '' && (entry.timer !== undefined || isWriting)) {
    // The words here stay; told what they were written over, the core keeps those of the other device beside them.
    clearTimeout(entry.timer);
    entry.timer = undefined;
    save(conversationId, entry, { text: entry.text, replyTo: entry.replyTo });
    return null;
  }
  const isFirst = !entry.isLoaded;
  clearTimeout(entry.timer);
  entry.timer = undefined;
  entry.isLoaded = true;
  entry.saved = stored;
  // Words typed before the stored draft arrived follow it.
  const text = isFirst ? (stored?.text ?? '') + entry.text : (stored?.text ?? '');
  entry.text = text;
  entry.replyTo = stored?.replyTo ?? null;
  return { text, replyTo: entry.replyTo };
}

/** The person chose another draft, which the core has stored. */
export function putDraft(place: string, draft: StoredDraft | null): void {
  const entry = entryOf(place);
  clearTimeout(entry.timer);
  entry.timer = undefined;
  entry.isLoaded = true;
  noteSaved(entry, draft);
  entry.text = draft?.text ?? '';
  entry.replyTo = draft?.replyTo ?? null;
}

function isSame(a: StoredDraft | null, b: StoredDraft | null): boolean {
  return a?.text === b?.text && a?.replyTo === b?.replyTo;
}

/** A conversation got another id: what is being written there goes along. */
export function moveDraft(from: string, to: string): void {
  const entry = kept.get(from);
  if (!entry) return;
  clearTimeout(entry.timer);
  kept.delete(from);
  const target = entryOf(to);
  if (entry.text === '' || target.text !== '') return;
  keepDraft(to, entry.text, undefined);
}

/** Forgets everything; between tests and after signing out. */
export function resetDrafts(): void {
  for (const entry of kept.values()) clearTimeout(entry.timer);
  kept.clear();
}
