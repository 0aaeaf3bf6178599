/**
 * Emoji data and the person's habits with it. Owns loading of the bundled set (its own chunk, fetched on first use from
 * the app itself), search by name, recent emoji and the skin tone, remembered on this device.
 */
import { keepHabit, readHabit } from './habits.ts';

/** One emoji. */
export interface Emoji {
  readonly emoji: string;
  readonly name: string;
  readonly hasTones: boolean;
}

/** A group of the picker. */
export interface EmojiGroup {
  readonly name: string;
  readonly emojis: readonly Emoji[];
}

/** Skin tones in Unicode order; `none` is the yellow default. */
export const skinTones = {
  none: '',
  light: '\u{1F3FB}',
  mediumLight: '\u{1F3FC}',
  medium: '\u{1F3FD}',
  mediumDark: '\u{1F3FE}',
  dark: '\u{1F3FF}',
} as const;
/** Name of a skin tone. */
export type SkinTone = keyof typeof skinTones;

const recentKey = 'curlew.emoji.recent';
const toneKey = 'curlew.emoji.tone';
const recentCount = 18;
const firstRecent = ['👍', '❤️', '😂', '🎉', '👀', '🙏', '✅', '🔥', '👏'];

let loading: Promise<readonly EmojiGroup[]> | null = null;

/** The bundled emoji by group. */
export function loadEmoji(): Promise<readonly EmojiGroup[]> {
  loading ??= import('unicode-emoji-json/data-by-group.json').then((module) =>
    module.default.map((group) => ({
      name: group.name,
      emojis: group.emojis.map((each) => ({
        emoji: each.emoji,
        name: each.name,
        hasTones: each.skin_tone_support,
      })),
    })),
  );
  return loading;
}

/** Emoji whose name holds every word of the query; names that start with it come first. */
export function searchEmoji(groups: readonly EmojiGroup[], query: string): Emoji[] {
  const words = query.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return [];
  const hits = groups
    .flatMap((group) => group.emojis)
    .filter((each) => words.every((word) => each.name.includes(word)));
  const rank = (each: Emoji) => (each.name.startsWith(words[0] ?? '') ? 0 : 1);
  return hits.sort((a, b) => rank(a) - rank(b)).slice(0, 90);
}

/** An emoji in a skin tone: the modifier follows the first person or hand and replaces a variation selector. */
export function withTone({ emoji, hasTones }: Emoji, tone: SkinTone): string {
  if (!hasTones || tone === 'none') return emoji;
  const [first = '', ...rest] = Array.from(emoji);
  return first + skinTones[tone] + (rest[0] === '\u{FE0F}' ? rest.slice(1) : rest).join('');
}

/** Emoji used lately, newest first. */
export function recentEmoji(): string[] {
  const stored = readHabit(recentKey);
  const list = stored ? stored.split(' ').filter(Boolean) : [];
  return [...new Set([...list, ...firstRecent])].slice(0, recentCount);
}

/** Remembers that an emoji was used. */
export function rememberEmoji(emoji: string): void {
  keepHabit(
    recentKey,
    [emoji, ...recentEmoji().filter((each) => each !== emoji)].slice(0, recentCount).join(' '),
  );
}

/** The remembered skin tone. */
export function savedTone(): SkinTone {
  const tone = readHabit(toneKey);
  return tone !== null && tone in skinTones ? (tone as SkinTone) : 'none';
}

/** Remembers a skin tone. */
export function saveTone(tone: SkinTone): void {
  keepHabit(toneKey, tone);
}
