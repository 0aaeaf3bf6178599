/**
 * A lost last push: the event after which a conversation stays quiet leaves no gap to notice. Only the beat of heads finds
 * it. This world loses every push and nothing else.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { simulate } from './sim-world.ts';

const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'curlew-lost-push-'));

afterAll(() => rmSync(dir, { recursive: true, force: true }));

it.each([1, 2, 3, 4, 5, 6])('seed %i converges although no push ever arrives', async (seed) => {
  const result = await simulate({ seed, dir: join(dir, String(seed)), actions: 25, losesPushes: true });
  expect(result.committed).toBeGreaterThan(0);
});
