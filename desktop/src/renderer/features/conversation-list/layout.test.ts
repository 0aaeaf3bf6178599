import { describe, expect, it } from 'vitest';
import { heldOrder, lineAt, lineCount, lineOfPosition, listWindow, offsetFor } from './layout.ts';

describe('lines of the list', () => {
  it.each([
    [0, 0, 0],
    [5, 0, 5],
    [5, 2, 7],
    [2, 2, 3],
  ])('%i rows with %i pinned make %i lines', (total, pinned, lines) => {
    expect(lineCount(total, pinned)).toBe(lines);
  });

  it('leads from line to row and back', () => {
    expect(lineAt(0, 2)).toEqual({ kind: 'section', section: 'pinned' });
    expect(lineAt(3, 2)).toEqual({ kind: 'section', section: 'recent' });
    for (const pinned of [0, 1, 3]) {
      for (let position = 0; position < 8; position += 1) {
        expect(lineAt(lineOfPosition(position, pinned), pinned)).toEqual({ kind: 'row', position });
      }
    }
  });

  it('asks for a window with room on both sides', () => {
    for (let position = 0; position < 1000; position += 7) {
      const offset = offsetFor(position);
      expect(position - offset).toBeGreaterThanOrEqual(0);
      expect(offset + listWindow - position).toBeGreaterThan(40);
    }
  });
});

describe('heldOrder', () => {
  it('moves nothing under the pointer: vanished rows leave, new ones wait at the end', () => {
    expect(heldOrder(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual(['a', 'b', 'c']);
    expect(heldOrder(['a', 'b', 'c'], ['n', 'c', 'a'])).toEqual(['a', 'c', 'n']);
  });
});
