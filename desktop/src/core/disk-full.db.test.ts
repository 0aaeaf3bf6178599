/**
 * A disk that is really full: a small tmpfs, where this machine lets us mount one. `open-account.db.test.ts` shows the same
 * everywhere by `max_page_count`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountFixture } from './testing/account-fixture.ts';
import { CONVERSATION, id, sendOp, TestLog } from './testing/logs.ts';

const MOUNT_MEGABYTES = 48;

const mountPoint = mkdtempSync(join(tmpdir(), 'curlew-full-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${MOUNT_MEGABYTES}m`, 'tmpfs', mountPoint]);
const canMount = mounted.status === 0;
if (canMount) spawnSync('umount', [mountPoint]);
afterAll(() => rmSync(mountPoint, { recursive: true, force: true }));

// oxlint-disable-next-line vitest/no-conditional-tests -- a file system of its own is mounted here or there is nothing to test
if (!canMount) {
  describe('a small tmpfs', () => {
    it('keeps composing on the ballast', ({ skip }) => skip('this machine does not let us mount a tmpfs'));
  });
} else {
  describe('a small tmpfs', () => {
    let account: AccountFixture;
    beforeEach(() => {
      spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${MOUNT_MEGABYTES}m`, 'tmpfs', mountPoint]);
      account = new AccountFixture();
    });
    afterEach(() => {
      account.remove();
      spawnSync('umount', [mountPoint]);
    });

    const open = (): void => void account.open({ dir: mountPoint, freeBytes: undefined });
    const compose = (n: number): unknown =>
      account.stores.outbox.enqueue(sendOp(id(1000 + n), 'x'.repeat(1_000)), account.clock.nowMs());
    /** Somebody else's file takes what is left. */
    const fill = (): void => {
      for (let size = 4 * 1024 * 1024, n = 0; size >= 4096; n += 1) {
        try {
          writeFileSync(join(mountPoint, `filler-${n}`), Buffer.alloc(size));
        } catch {
          // Does not fit: what was begun of it goes, and smaller pieces follow.
          rmSync(join(mountPoint, `filler-${n}`), { force: true });
          size /= 2;
        }
      }
    };

    it('keeps composing on the ballast, stops caching, and loses nothing when even that is used up', () => {
      open();
      expect(statSync(join(mountPoint, 'ballast')).size).toBe(8 * 1024 * 1024);
      compose(0);
      fill();
      const log = new TestLog();
      log.create();
      for (let n = 0; n < 2_000; n += 1) log.say('y'.repeat(500));
      expect(() => account.stores.ingest.applyEvents(CONVERSATION, log.events)).toThrow(
        expect.objectContaining({ code: 'DISK_FULL' }),
      );
      expect(account.stores.notices().map((notice) => notice.kind)).toEqual(['diskFull']);
      let composed = 1;
      expect(() => {
        for (; composed < 50_000; composed += 1) compose(composed);
      }).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
      expect(composed).toBeGreaterThan(500);
      account.kill();
      open();
      expect(account.stores.outbox.items()).toHaveLength(composed);
      account.kill();
      rmSync(join(mountPoint, 'filler-0'));
      open();
      compose(composed);
      expect(account.stores.outbox.nextBatch(account.clock.nowMs(), new Set())?.ops).toHaveLength(50);
    });
  });
}
