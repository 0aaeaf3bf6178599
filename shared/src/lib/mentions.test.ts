import { describe, expect, it } from 'vitest';
import { findMentions, matchingMentions, mentionedIds, mentionQueryAt } from './mentions.ts';

const ann = { id: 'a', name: 'Ann' };
const annLee = { id: 'al', name: 'Ann Lee' };
const otherAnn = { id: 'a2', name: 'Ann' };
const zoe = { id: 'z', name: 'Zoë Ruiz' };
const all = [ann, annLee, zoe];

describe('mentions', () => {
  it('finds names after an @, the longer one of two, and none in words and addresses', () => {
    const names = (text: string) => findMentions(text, ['Ann', 'Ann Lee']).map(({ name }) => name);
    expect(names('@Ann and @Ann Lee, (@Ann)')).toEqual(['Ann', 'Ann Lee', 'Ann']);
    expect(names('@Anna mail@Ann @ann')).toEqual([]);
  });

  it('knows what is being typed before the caret', () => {
    expect(mentionQueryAt('Hi @An', 6)).toEqual({ at: 3, query: 'An' });
    expect(mentionQueryAt('Hi @Ann L', 9)).toEqual({ at: 3, query: 'Ann L' });
    expect(mentionQueryAt('@', 1)).toEqual({ at: 0, query: '' });
    expect(mentionQueryAt('at @ 5', 6)).toBeNull();
    expect(mentionQueryAt('a@b', 3)).toBeNull();
    expect(mentionQueryAt('Hi @An', 3)).toBeNull();
  });

  it('matches the beginning of any word without accents and case, the first word first', () => {
    expect(matchingMentions(all, 'ru')).toEqual([zoe]);
    expect(matchingMentions(all, 'ZOE')).toEqual([zoe]);
    expect(matchingMentions([annLee, { id: 'l', name: 'Lee' }], 'le').map(({ id }) => id)).toEqual([
      'l',
      'al',
    ]);
    expect(matchingMentions(all, 'nn')).toEqual([]);
  });

  it('sends those who were chosen and still stand in the text', () => {
    const chosen = new Set(['a', 'z']);
    expect(mentionedIds('@Ann look', all, chosen, [])).toEqual(['a']);
    expect(mentionedIds('@Ann Lee look', all, chosen, [])).toEqual([]);
    expect(mentionedIds('@Ann', all, new Set(), [])).toEqual([]);
    expect(mentionedIds('@Ann and @Zoë Ruiz', all, new Set(), ['@Zoë Ruiz'])).toEqual(['z']);
    expect(mentionedIds('@Ann', [ann, otherAnn], new Set(['a2']), ['@Ann'])).toEqual(['a2']);
  });
});
