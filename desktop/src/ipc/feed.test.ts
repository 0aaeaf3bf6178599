import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '@curlew/shared/lib/canonical-json.ts';
import { applyPatch, diffStates, type ViewState } from './feed.ts';

const keyArbitrary = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const stateArbitrary: fc.Arbitrary<ViewState<{ n: number }, { total: number }>> = fc
  .record({
    rows: fc.dictionary(keyArbitrary, fc.record({ n: fc.nat(3) })),
    total: fc.nat(3),
    shuffle: fc.infiniteStream(fc.nat(100)),
  })
  .map(({ rows, total, shuffle }) => {
    const ranked = Object.keys(rows).map((key) => ({ key, rank: shuffle.next().value ?? 0 }));
    ranked.sort((a, b) => a.rank - b.rank);
    return { order: ranked.map(({ key }) => key), rows, meta: { total } };
  });

const { value: rowArbitrary } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 0, 1, '', 'a'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(keyArbitrary, tie('value'), { maxKeys: 3 }),
  ),
}));

describe('feed', () => {
  it('a replica that applies the difference equals the state it was made from', () => {
    fc.assert(
      fc.property(fc.array(stateArbitrary, { minLength: 1 }), (states) => {
        let current = states[0];
        let replica = states[0];
        for (const next of states) {
          if (!current || !replica) return;
          const patch = diffStates(current, next);
          replica = patch ? applyPatch(replica, patch) : replica;
          expect(replica).toEqual(next);
          current = next;
        }
      }),
    );
  });

  it('says nothing when nothing changed', () => {
    fc.assert(
      fc.property(stateArbitrary, (state) => {
        expect(diffStates(state, structuredClone(state))).toBeUndefined();
      }),
    );
  });

  it('finds a change however deep it is, and none where there is none', () => {
    const holding = (row: unknown): ViewState => ({ order: ['a'], rows: { a: row }, meta: null });
    fc.assert(
      fc.property(rowArbitrary, rowArbitrary, (before, after) => {
        const isSame = canonicalJson(before) === canonicalJson(after);
        expect(diffStates(holding([before]), holding([after])) === undefined).toBe(isSame);
        expect(diffStates(holding({ before, after }), holding({ before: after, after })) === undefined).toBe(
          isSame,
        );
      }),
      { numRuns: 1000 },
    );
    expect(diffStates(holding({}), holding({ absent: undefined }))).toBeUndefined();
    expect(diffStates(holding({ absent: undefined }), holding({}))).toBeUndefined();
    expect(diffStates(holding([]), holding({}))).toBeDefined();
  });

  it('names only rows that changed', () => {
    const from = { order: ['a', 'b'], rows: { a: { n: 1 }, b: { n: 2 } }, meta: null };
    const to = { order: ['a', 'b'], rows: { a: { n: 1 }, b: { n: 3 } }, meta: null };
    expect(diffStates(from, to)).toEqual({ rows: { b: { n: 3 } } });
  });

  it('keeps the identity of rows, order and meta that did not change', () => {
    const from = { order: ['a', 'b'], rows: { a: { n: 1 }, b: { n: 2 } }, meta: { total: 2 } };
    const next = applyPatch(from, { rows: { b: { n: 3 } } });
    expect(next.order).toBe(from.order);
    expect(next.rows['a']).toBe(from.rows.a);
    expect(next.meta).toBe(from.meta);
    const moved = applyPatch(from, { order: ['b', 'a'] });
    expect(moved.rows['a']).toBe(from.rows.a);
  });

  it('drops rows that are missing from a new order', () => {
    const from = { order: ['a', 'b'], rows: { a: 1, b: 2 }, meta: null };
    expect(applyPatch(from, { order: ['b'] })).toEqual({ order: ['b'], rows: { b: 2 }, meta: null });
  });

  it('can set meta to null', () => {
    const patch = diffStates({ order: [], rows: {}, meta: 1 }, { order: [], rows: {}, meta: null });
    expect(patch).toEqual({ meta: null });
    expect(applyPatch({ order: [], rows: {}, meta: 1 }, patch ?? {}).meta).toBeNull();
  });
});
