/** Rules of the text being written. Pure: what may be sent, and what editing keys do to text and selection. */
import { limits } from '@curlew/shared/domain/limits.ts';

const encoder = new TextEncoder();

/** Largest text of one message in bytes of UTF-8. */
export const textLimitBytes: number = limits.textBytes;

/**
 * Size of a text in bytes of UTF-8 when it is over the limit, else null. A UTF-16 unit is at most three bytes, so
 * ordinary texts are never encoded on a key press.
 */
export function oversizeBytes(text: string): number | null {
  if (text.length * 3 <= textLimitBytes) return null;
  const bytes = encoder.encode(text).length;
  return bytes > textLimitBytes ? bytes : null;
}

/** Whether there is something to send. */
export function isSendable(text: string): boolean {
  return text.trim() !== '' && oversizeBytes(text) === null;
}

/** The text as sent: without blank lines around it and without characters that cannot be stored. */
export function sentText(text: string): string {
  return text
    .replaceAll('\u0000', '')
    .replace(/\p{Surrogate}/gu, '')
    .replace(/^\s*\n|\s+$/gu, '');
}

/** A text with a selection. */
export interface Editing {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Replaces the selection. */
export function insertAt({ text, start, end }: Editing, inserted: string): Editing {
  const at = start + inserted.length;
  return { text: text.slice(0, start) + inserted + text.slice(end), start: at, end: at };
}

/** Wraps the selection in marks (bold, italic, code), or takes them away when they are there. */
export function wrapSelection({ text, start, end }: Editing, mark: string): Editing {
  const size = mark.length;
  if (text.slice(start - size, start) === mark && text.slice(end, end + size) === mark) {
    const inner = text.slice(start, end);
    return {
      text: text.slice(0, start - size) + inner + text.slice(end + size),
      start: start - size,
      end: end - size,
    };
  }
  return {
    text: `${text.slice(0, start)}${mark}${text.slice(start, end)}${mark}${text.slice(end)}`,
    start: start + size,
    end: end + size,
  };
}

/** What Enter does: send, a new line, or nothing of ours (while an input method composes). */
export function enterMeans(
  key: { readonly shift: boolean; readonly ctrl: boolean; readonly isComposing: boolean },
  sendWith: 'enter' | 'ctrlEnter',
): 'send' | 'newline' | 'ignore' {
  if (key.isComposing) return 'ignore';
  if (sendWith === 'enter') return key.shift || key.ctrl ? 'newline' : 'send';
  return key.ctrl ? 'send' : 'newline';
}
