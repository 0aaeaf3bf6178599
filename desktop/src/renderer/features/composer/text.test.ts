import { describe, expect, it } from 'vitest';
import {
  enterMeans,
  insertAt,
  isSendable,
  oversizeBytes,
  sentText,
  textLimitBytes,
  wrapSelection,
} from './text.ts';

describe('what may be sent', () => {
  it('measures in bytes of UTF-8, exactly at the limit', () => {
    expect(oversizeBytes('a'.repeat(textLimitBytes))).toBeNull();
    expect(oversizeBytes('a'.repeat(textLimitBytes + 1))).toBe(textLimitBytes + 1);
    expect(oversizeBytes('ä'.repeat(textLimitBytes / 2))).toBeNull();
    expect(oversizeBytes('ä'.repeat(textLimitBytes / 2 + 1))).toBe(textLimitBytes + 2);
  });

  it('needs something that is not blank', () => {
    expect([' \n ', '', 'x'].map(isSendable)).toEqual([false, false, true]);
  });

  it('drops what cannot be stored and blank edges, and keeps indentation', () => {
    expect(sentText('\n\n  a\u0000\ud800b \n')).toBe('  ab');
  });
});

describe('Enter', () => {
  const plain = { shift: false, ctrl: false, isComposing: false };
  it('sends or breaks the line as chosen, and never while an input method composes', () => {
    expect(enterMeans(plain, 'enter')).toBe('send');
    expect(enterMeans({ ...plain, shift: true }, 'enter')).toBe('newline');
    expect(enterMeans(plain, 'ctrlEnter')).toBe('newline');
    expect(enterMeans({ ...plain, ctrl: true }, 'ctrlEnter')).toBe('send');
    expect(enterMeans({ ...plain, isComposing: true }, 'enter')).toBe('ignore');
  });
});

describe('editing', () => {
  it('inserts at the selection and toggles marks around it', () => {
    expect(insertAt({ text: 'ab', start: 1, end: 1 }, '🎉')).toEqual({ text: 'a🎉b', start: 3, end: 3 });
    const bold = wrapSelection({ text: 'a b c', start: 2, end: 3 }, '**');
    expect(bold).toEqual({ text: 'a **b** c', start: 4, end: 5 });
    expect(wrapSelection(bold, '**')).toEqual({ text: 'a b c', start: 2, end: 3 });
  });
});
