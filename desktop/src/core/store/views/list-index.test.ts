import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareEntries, ListIndex, type ListEntry, type ListFilter } from './list-index.ts';

const entryArbitrary: fc.Arbitrary<ListEntry> = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
  kind: fc.constantFrom('direct' as const, 'group' as const, 'linked' as const, 'announcement' as const),
  orgId: fc.constantFrom('x', 'y'),
  pinRank: fc.option(fc.nat(2)),
  pendingN: fc.option(fc.nat(3)),
  activityMs: fc.nat(4),
  isArchived: fc.boolean(),
  isMuted: fc.boolean(),
  unread: fc.nat(2),
  mentions: fc.nat(1),
  threadUnread: fc.nat(1),
  notify: fc.constantFrom('all', 'mentions', 'none'),
});

function shown(entries: readonly ListEntry[], filter: ListFilter): readonly ListEntry[] {
  return entries
    .filter((entry) => entry.isArchived === (filter === 'archived'))
    .filter((entry) => filter !== 'unread' || entry.unread + entry.threadUnread > 0)
    .filter((entry) => filter !== 'mentions' || entry.mentions > 0)
    .toSorted(compareEntries);
}

describe('list index', () => {
  it('after any puts and removals equals sorting everything anew', () => {
    const step = fc.oneof(
      entryArbitrary.map((entry) => ({ entry, isRemoved: false })),
      entryArbitrary.map((entry) => ({ entry, isRemoved: true })),
    );
    fc.assert(
      fc.property(fc.array(entryArbitrary), fc.array(step), (initial, steps) => {
        const model = new Map(initial.map((entry) => [entry.id, entry]));
        const index = new ListIndex();
        index.fill([...model.values()]);
        // Asked for before anything moves, so that it is kept in step and not made anew.
        const only = {
          key: 'groups',
          includes: ({ kind, isMuted }: ListEntry) => kind === 'group' && !isMuted,
        };
        index.total('all', { only });
        for (const { entry, isRemoved } of steps) {
          if (isRemoved) {
            index.remove(entry.id);
            model.delete(entry.id);
          } else {
            index.put(entry);
            model.set(entry.id, entry);
          }
        }
        const all = [...model.values()];
        for (const filter of ['all', 'unread', 'mentions', 'archived'] as const) {
          const expected = shown(all.filter(only.includes), filter);
          expect(index.page(filter, 0, 100, { only })).toEqual(expected);
          expect(index.page(filter, 0, 100, { orgId: 'x', only })).toEqual(
            expected.filter(({ orgId }) => orgId === 'x'),
          );
        }
        const orgIds = [undefined, 'x', 'y'];
        const kinds = [undefined, 'linked', 'announcement'] as const;
        for (const scope of orgIds.flatMap((orgId) => kinds.map((kind) => ({ orgId, kind })))) {
          const ofKind = all
            .filter((entry) => scope.kind === undefined || entry.kind === scope.kind)
            .filter((entry) => scope.orgId === undefined || entry.orgId === scope.orgId);
          for (const filter of ['all', 'unread', 'mentions', 'archived'] as const) {
            const expected = shown(ofKind, filter);
            expect(index.page(filter, 0, 100, scope)).toEqual(expected);
            expect(index.page(filter, 1, 2, scope)).toEqual(expected.slice(1, 3));
            expect(index.total(filter, scope)).toBe(expected.length);
            expect(index.pinned(filter, scope)).toBe(
              expected.filter((entry) => entry.pinRank !== null).length,
            );
          }
          const present = ofKind.filter((entry) => !entry.isArchived);
          expect(index.counts(scope)).toEqual({
            unreadConversations: present.filter(({ isMuted, notify, unread, mentions, threadUnread }) => {
              if (isMuted || notify === 'none') return false;
              return notify === 'all' ? unread + threadUnread > 0 : mentions + threadUnread > 0;
            }).length,
            unreadMentions: present.filter((entry) => entry.mentions > 0).length,
          });
        }
      }),
    );
  });

  it('pins stand first by rank, then waiting messages, newest composed first, then latest activity', () => {
    const nothing = { unread: 0, mentions: 0, threadUnread: 0, notify: 'all' as const };
    const base = {
      ...nothing,
      kind: 'direct' as const,
      orgId: 'x',
      isArchived: false,
      isMuted: false,
      pinRank: null,
      pendingN: null,
    };
    const index = new ListIndex();
    index.fill([
      { ...base, id: 'old', activityMs: 1 },
      { ...base, id: 'new', activityMs: 9 },
      { ...base, id: 'waits', activityMs: 0, pendingN: 1 },
      { ...base, id: 'waits-newer', activityMs: 0, pendingN: 2 },
      { ...base, id: 'pinned-second', activityMs: 9, pinRank: 2 },
      { ...base, id: 'pinned-first', activityMs: 0, pinRank: 1 },
    ]);
    expect(index.page('all', 0, 10).map(({ id }) => id)).toEqual([
      'pinned-first',
      'pinned-second',
      'waits-newer',
      'waits',
      'new',
      'old',
    ]);
  });
});
