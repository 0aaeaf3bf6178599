/** Drafts of two devices of one person, each with its real files and both on one account log: nothing written is lost. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededPick } from '@curlew/shared/lib/seeded.test-support.ts';
import type { DraftEntry } from '@curlew/shared/domain/entries.ts';
import type { Random } from '../ports.ts';
import { createOutboxReads } from '../store/views/outbox-reads.ts';
import { seededRandom } from '../testing/account-fixture.ts';
import { CONVERSATION, id, ME, sendOp, TestLog } from '../testing/logs.ts';
import { NO_LANES, okResult, OutboxFixture } from '../testing/outbox-fixture.ts';
import { isLoss } from './draft-meeting.ts';
import { DRAFT_OFFER_MS } from './drafts.ts';

const KEY = `draft:${CONVERSATION}`;
const DAY_MS = 24 * 3_600_000;
let server: TestLog;

const draftOf = (text: string) => ({ text, replyTo: null });

class Device {
  readonly box = new OutboxFixture();
  /** Each device makes op ids of its own. */
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.box.account.open({ random: this.#random });
  }

  get outbox() {
    return this.box.outbox;
  }

  write(text: string, over?: string | null): void {
    const known = over === undefined ? {} : { over: over === null ? null : draftOf(over) };
    this.outbox.saveDraft(CONVERSATION, text === '' ? null : draftOf(text), known);
  }

  /** Offers what may be offered; the server has it, this device only its acknowledgement. */
  offer(): void {
    this.box.account.clock.advance(DRAFT_OFFER_MS);
    for (;;) {
      const batch = this.outbox.nextBatch(this.box.now(), NO_LANES);
      if (!batch) return;
      this.box.settle(
        batch,
        batch.ops.map((op) => {
          if (op.kind !== 'account.set') return okResult(op.opId);
          const value = (op.value ?? null) as DraftEntry | null;
          return okResult(op.opId, server.append('account:updated', { key: op.key, value }, ME, op.opId).seq);
        }),
      );
    }
  }

  deliver(): void {
    const tail = this.box.account.stores.reader.log(ME)?.tail ?? 0;
    this.box.account.stores.ingest.applyEvents(ME, server.events.slice(tail));
  }

  sync(): void {
    this.offer();
    this.deliver();
  }

  /** What the composer shows. */
  text(): string {
    const { cacheDb, outboxDb, reader } = this.box.account.stores;
    const local = createOutboxReads(outboxDb).draft(CONVERSATION);
    const tail = reader.log(ME)?.tail ?? 0;
    if (local && (local.isDirty || local.seq === null || local.seq > tail)) return local.draft.text;
    const held = cacheDb
      .prepare<[string], { text: string }>(`SELECT value ->> 'text' AS text FROM entry WHERE key = ?`)
      .get(KEY);
    return held?.text ?? '';
  }

  other(): string | null {
    return createOutboxReads(this.box.account.stores.outboxDb).otherDraft(CONVERSATION)?.text ?? null;
  }

  cleared(): string[] {
    return this.box.account.stores.outboxDb
      .prepare<[], { text: string }>('SELECT text FROM kept_draft WHERE is_other = 0 ORDER BY id DESC')
      .all()
      .map(({ text }) => text);
  }

  choose(useOther: boolean): void {
    this.outbox.resolveDraft(CONVERSATION, undefined, useOther);
  }

  restart(): void {
    this.box.account.kill();
    this.box.account.open({ random: this.#random });
  }
}

let laptop: Device;
let desk: Device;

beforeEach(() => {
  server = new TestLog(ME, 'account');
  server.append('account:updated', { key: `pin:${id(99)}`, value: { rank: 1 } }, ME, id(0x777));
  laptop = new Device(11);
  desk = new Device(12);
  laptop.deliver();
  desk.deliver();
});
afterEach(() => {
  laptop.box.account.remove();
  desk.box.account.remove();
});

describe('two devices that write at once', () => {
  it('each keep their own and offer the other, also after both were offline and restarted', () => {
    laptop.write('From the laptop');
    desk.write('At the desk');
    // Both commit before either hears of the other.
    laptop.offer();
    desk.offer();
    laptop.deliver();
    desk.deliver();
    laptop.restart();
    desk.restart();
    expect([laptop.text(), laptop.other()]).toEqual(['From the laptop', 'At the desk']);
    expect([desk.text(), desk.other()]).toEqual(['At the desk', 'From the laptop']);
  });

  it('do not overwrite each other while nobody chose', () => {
    laptop.write('From the laptop');
    desk.write('At the desk');
    laptop.sync();
    desk.deliver();
    desk.offer();
    expect([desk.text(), desk.other()]).toEqual(['At the desk', 'From the laptop']);
    laptop.write('From the laptop, longer');
    laptop.sync();
    desk.sync();
    laptop.deliver();
    expect([desk.text(), desk.other()]).toEqual(['At the desk', 'From the laptop, longer']);
    expect([laptop.text(), laptop.other()]).toEqual(['From the laptop, longer', null]);
    expect(desk.cleared()).toEqual([]);
  });

  it('agree once one chose the other, whose own words can be brought back', () => {
    laptop.write('From the laptop');
    laptop.sync();
    desk.write('At the desk');
    desk.deliver();
    desk.choose(true);
    desk.sync();
    laptop.sync();
    for (const device of [laptop, desk]) {
      expect([device.text(), device.other()]).toEqual(['From the laptop', null]);
    }
    expect(desk.cleared()).toEqual(['At the desk']);
    expect(desk.outbox.restoreDraft(CONVERSATION, undefined)).toEqual(draftOf('At the desk'));
    expect(desk.cleared()).toEqual(['From the laptop']);
  });

  it('agree once one discarded the other, which can be brought back on both', () => {
    laptop.write('From the laptop');
    laptop.sync();
    desk.write('At the desk');
    desk.deliver();
    desk.choose(false);
    desk.sync();
    laptop.sync();
    for (const device of [laptop, desk]) {
      expect([device.text(), device.other()]).toEqual(['At the desk', null]);
      expect(device.cleared()).toEqual(['From the laptop']);
    }
  });

  it('go on with each other’s words when they saw them', () => {
    laptop.write('Hello');
    laptop.sync();
    desk.sync();
    desk.write('Hello there', 'Hello');
    desk.sync();
    laptop.sync();
    expect([laptop.text(), laptop.other(), laptop.cleared()]).toEqual(['Hello there', null, []]);
    laptop.write('Hello there, Ben', 'Hello there');
    laptop.sync();
    desk.sync();
    expect([desk.text(), desk.other(), desk.cleared()]).toEqual(['Hello there, Ben', null, []]);
  });

  it('keep what a window had not shown yet beside what is typed in it', () => {
    laptop.write('Hello');
    laptop.sync();
    desk.sync();
    desk.write('Something else', 'Hello');
    desk.sync();
    laptop.deliver();
    laptop.write('Hello, on the laptop', 'Hello');
    expect([laptop.text(), laptop.other()]).toEqual(['Hello, on the laptop', 'Something else']);
  });

  it('lose no words to a message that the other sends, or a clearing', () => {
    laptop.write('Sent by the laptop');
    desk.write('Only at the desk');
    desk.sync();
    laptop.outbox.enqueue(sendOp(id(0x500), 'Sent by the laptop'), laptop.box.now(), {
      clearsDraft: 'Sent by the laptop',
    });
    laptop.deliver();
    expect(laptop.text()).toBe('Only at the desk');
    laptop.write('', 'Only at the desk');
    laptop.sync();
    desk.sync();
    expect(desk.text()).toBe('');
    expect(desk.cleared()).toEqual(['Only at the desk']);
  });

  it('meet also when the process ended before the outbox heard of the other draft', () => {
    desk.write('At the desk');
    laptop.write('From the laptop');
    desk.sync();
    const { cacheDb } = laptop.box.account.stores;
    cacheDb
      .prepare('INSERT INTO entry (log_id, key, value, rev_seq) VALUES (?, ?, ?, ?)')
      .run(ME, KEY, JSON.stringify(draftOf('At the desk')), 2);
    laptop.restart();
    laptop.offer();
    expect([laptop.text(), laptop.other()]).toEqual(['From the laptop', 'At the desk']);
    expect(server.head).toBe(2);
  });
});

describe('a cleared draft', () => {
  it('can be brought back after a restart, for a week', () => {
    laptop.write('A long thought');
    laptop.write('');
    laptop.restart();
    expect(laptop.outbox.restoreDraft(CONVERSATION, undefined)).toEqual(draftOf('A long thought'));
    expect(laptop.cleared()).toEqual([]);
    laptop.write('');
    laptop.box.account.clock.advance(8 * DAY_MS);
    expect(laptop.outbox.restoreDraft(CONVERSATION, undefined)).toBeNull();
    laptop.restart();
    laptop.outbox.recover(laptop.box.now());
    expect(laptop.cleared()).toEqual([]);
  });

  it('is what another text took the place of, not what grew or was sent', () => {
    laptop.write('Hello');
    laptop.write('Hello, all of you');
    laptop.write('Hello, all');
    expect(laptop.cleared()).toEqual([]);
    laptop.write('Pasted over it');
    expect(laptop.cleared()).toEqual(['Hello, all']);
    laptop.outbox.enqueue(sendOp(id(0x500), 'Pasted over it'), laptop.box.now(), {
      clearsDraft: 'Pasted over it',
    });
    expect(laptop.cleared()).toEqual(['Hello, all']);
    laptop.write('Unrelated');
    laptop.outbox.enqueue(sendOp(id(0x501), 'Said from a notification'), laptop.box.now(), {
      clearsDraft: 'Said from a notification',
    });
    expect(laptop.cleared()).toEqual(['Unrelated', 'Hello, all']);
  });

  it('is one of the last twenty', () => {
    for (let n = 0; n < 25; n += 1) {
      laptop.write(`Thought number ${n}`);
      laptop.write('');
    }
    expect(laptop.cleared()).toHaveLength(20);
    expect(laptop.cleared()[0]).toBe('Thought number 24');
  });
});

it('a thread has a draft of its own, and its answer clears that one', () => {
  const threadRootId = id(0x321);
  laptop.write('In the conversation');
  laptop.outbox.saveDraft(CONVERSATION, draftOf('In the thread'), { threadRootId });
  laptop.sync();
  expect(server.events.map(({ payload }) => (payload as { key: string }).key)).toEqual(
    expect.arrayContaining([KEY, `draft:${threadRootId}`]),
  );
  const answer = { ...sendOp(id(0x500), 'In the thread'), threadRootId };
  laptop.outbox.enqueue(answer, laptop.box.now(), { clearsDraft: answer.text, threadRootId });
  const reads = createOutboxReads(laptop.box.account.stores.outboxDb);
  expect(reads.draft(threadRootId)?.draft.text).toBe('');
  expect(laptop.text()).toBe('In the conversation');
});

describe('random histories', () => {
  it.each([1, 2, 3])('lose no text that the person did not give up (%i)', (seed) => {
    const pick = seededPick(seed);
    const devices = [laptop, desk];
    let n = 0;
    for (let step = 0; step < 80; step += 1) {
      const device = pick(devices);
      const before = device.text();
      const kind = pick([
        'type',
        'type',
        'replace',
        'offer',
        'deliver',
        'sync',
        'sync',
        'restart',
        'use',
        'discard',
      ]);
      n += 1;
      if (kind === 'type') device.write(`${before} w${n}`, before === '' ? null : before);
      if (kind === 'replace') device.write(`another ${n} `.repeat(3), before === '' ? null : before);
      if (kind === 'offer') device.offer();
      if (kind === 'deliver') device.deliver();
      if (kind === 'sync') device.sync();
      if (kind === 'restart') device.restart();
      if (kind === 'use') device.choose(true);
      if (kind === 'discard') device.choose(false);
      const after = device.text();
      const isKept =
        kind === 'type' ||
        !isLoss(before, after) ||
        device.cleared().slice(0, 20).includes(before) ||
        device.other() === before;
      expect(isKept, `${step} ${kind}: ${before} → ${after}`).toBe(true);
    }
    // Once both have chosen and heard of it, they agree.
    for (let round = 0; round < 4; round += 1) {
      for (const device of devices) {
        device.choose(round % 2 === 0);
        device.sync();
      }
    }
    desk.deliver();
    laptop.deliver();
    expect([laptop.other(), desk.other()]).toEqual([null, null]);
    expect(laptop.text()).toBe(desk.text());
  });
});
