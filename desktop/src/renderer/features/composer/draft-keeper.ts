/**
 * Keeps what is being written. Owns the texts of this window by conversation and their way into the core: 250 ms after
 * typing, on blur, on switching and on leaving. A text leaves the keeper only after the core took it or the person
 * removed it, so a switch, a reload or a refused send never loses a word. What is written in a thread stays in this
 * window: the core keeps one draft per conversation.
 */
import { tell } from '../../lib/bridge.ts';
import { isThreadPlace, type ComposeTarget } from '../../lib/compose-target.ts';

/** A draft as the core stores it. */
export interface StoredDraft {
  readonly text: string;
  readonly replyTo: string | null;
}

interface Kept {
  text: string;
  replyTo: string | null;
  /** What the core has, as far as this window knows. */
  saved: StoredDraft | null;
  /** When this window last saved; echoes of older saves arrive after it. */
  savedAtMs: number;
  /** The stored draft was taken over once; later ones count only while nothing is being written. */
  isLoaded: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Delay between the last key press and the save. */
export const draftDelayMs = 250;

/** How long after a save the core's word on the draft may still be about an older one. */
const echoMs = 1500;

const kept = new Map<string, Kept>();

function entryOf(conversationId: string): Kept {
  const found = kept.get(conversationId);
  if (found) return found;
  const made: Kept = {
    text: '',
    replyTo: null,
    saved: null,
    savedAtMs: Number.NEGATIVE_INFINITY,
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
  if (draft?.text === entry.saved?.text && draft?.replyTo === entry.saved?.replyTo) return;
  if (isThreadPlace(conversationId)) return;
  entry.saved = draft;
  entry.savedAtMs = performance.now();
  tell('draft.save', { conversationId, draft });
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
  const isKnown = entry.saved?.text === stored?.text && entry.saved?.replyTo === stored?.replyTo;
  const isEcho = performance.now() - entry.savedAtMs < echoMs;
  if (entry.isLoaded && (isKnown || isEcho || entry.timer !== undefined || isWriting)) return null;
  const isFirst = !entry.isLoaded;
  entry.isLoaded = true;
  entry.saved = stored;
  // Words typed before the stored draft arrived follow it.
  const text = isFirst ? (stored?.text ?? '') + entry.text : (stored?.text ?? '');
  entry.text = text;
  entry.replyTo = stored?.replyTo ?? null;
  return { text, replyTo: entry.replyTo };
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
