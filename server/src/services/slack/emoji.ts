/** Slack's short names of emoji. What Slack has a picture of and Unicode has not keeps its name in colons. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emojiSchema } from '@curlew/shared/domain/ids.ts';

const skinTones = ['🏻', '🏼', '🏽', '🏾', '🏿'];
const variationSelector = '\uFE0F';

let names: ReadonlyMap<string, string> | undefined;

function known(): ReadonlyMap<string, string> {
  // Read when the first import needs it: the server itself never does.
  names ??= new Map(
    readFileSync(join(import.meta.dirname, 'emoji-names.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(' ') as [string, string]),
  );
  return names;
}

/** The emoji of a name, with its skin tone where it has one (`wave::skin-tone-3`); undefined for one of the workspace's own. */
function emojiOf(name: string): string | undefined {
  const [base = '', tone] = name.split('::');
  const emoji = known().get(base);
  const skin = tone === undefined ? undefined : skinTones[Number(/^skin-tone-([2-6])$/u.exec(tone)?.[1]) - 2];
  if (emoji === undefined || skin === undefined) return emoji;
  const [first = '', ...rest] = emoji;
  return [first, skin, ...rest.filter((part, index) => index > 0 || part !== variationSelector)].join('');
}

/** A reaction's emoji: what the name stands for, or the name in colons; undefined when that is none either. */
export function reactionOf(name: string): string | undefined {
  const emoji = emojiOf(name) ?? `:${name}:`;
  return emojiSchema.safeParse(emoji).success ? emoji : undefined;
}

/** A text with the emoji its `:names:` stand for. */
export function withEmoji(text: string): string {
  return text.replace(
    /:([a-z0-9_+'-]{1,64}(?:::skin-tone-[2-6])?):/gu,
    (written, name: string) => emojiOf(name) ?? written,
  );
}
