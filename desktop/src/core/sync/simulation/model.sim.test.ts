/**
 * The model: fast-check composes what people and the world do, command by command, and shrinks what fails to the shortest
 * script. The oracle is the model; devices, files and engine are the real ones. `simulation.sim.test.ts` finds more by
 * sheer number, this one says what it takes.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { Action, ActionKind } from './sim-actions.ts';
import { simulate } from './sim-world.ts';

const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'curlew-model-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const commands: readonly ActionKind[] = [
  'send',
  'send',
  'edit',
  'delete',
  'react',
  'read',
  'scrollBack',
  'setEntry',
  'group',
  'add',
  'add',
  'remove',
  'leave',
  'role',
  'rename',
  'pin',
  'offline',
  'online',
  'kill',
  'start',
  'crashSoon',
  'remember',
  // Drops, doubles, delays and overtakes from here on.
  'weather',
  'serverCrash',
  'diskFull',
  'diskFree',
  'clockJump',
];

const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom(...commands),
  device: fc.nat(5),
  waitMs: fc.oneof(fc.constant(0), fc.nat(200), fc.nat(5_000)),
});

it('any script of commands keeps the invariants and converges', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1_000_000),
      fc.array(action, { minLength: 3, maxLength: 30 }),
      async (seed, script) => {
        const runDir = join(dir, String((runs += 1)));
        try {
          await simulate({ seed, dir: runDir, script });
        } finally {
          rmSync(runDir, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: process.env['CURLEW_SIMULATION'] === 'full' ? 1_000 : 150, endOnFailure: false },
  );
  expect(runs).toBeGreaterThan(0);
});
