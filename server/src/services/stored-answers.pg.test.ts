/** A request with a key is carried out once, however long that takes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ok } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../infra/testing/test-database.ts';
import { createStoredAnswerRepository } from '../repositories/stored-answer-repository.ts';
import { createStoredAnswers } from './stored-answers.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('a claim outlives its minute while the work goes on, and is taken over once nobody works', async () => {
  let nowMs = Date.now();
  const answers = createStoredAnswers(createStoredAnswerRepository(database.prisma), () => nowMs, 20);
  const asked = { owner: 'ada', key: crypto.randomUUID(), asked: 'POST /api/something {}' };
  let runs = 0;
  const ask = (work: () => Promise<void>) =>
    answers.once(
      asked,
      async () => {
        runs += 1;
        await work();
        return ok(runs);
      },
      (value) => value,
      (value) => value as number,
    );
  let finish = (): void => undefined;
  const long = ask(() => new Promise((resolve) => (finish = resolve)));
  for (let minute = 0; minute < 3; minute += 1) {
    await sleep(200);
    nowMs += 50_000;
  }
  await sleep(200);
  expect(await ask(() => Promise.resolve())).toMatchObject({ error: { code: 'IDEMPOTENCY_KEY_IN_USE' } });
  finish();
  expect(await long).toEqual(ok(1));
  nowMs += 120_000;
  expect(await ask(() => Promise.resolve())).toEqual(ok(1));
  expect(runs).toBe(1);

  // One that failed without a word is nobody's any more after its minute.
  const lost = { ...asked, key: crypto.randomUUID() };
  const fail = () => answers.once(lost, () => Promise.reject(new Error('gone')), String, String);
  await expect(fail()).rejects.toThrow('gone');
  expect(await fail()).toMatchObject({ error: { code: 'IDEMPOTENCY_KEY_IN_USE' } });
  nowMs += 61_000;
  await expect(fail()).rejects.toThrow('gone');
});
