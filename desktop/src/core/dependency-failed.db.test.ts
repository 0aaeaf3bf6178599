/** What becomes of what was built on a message that the server refused, and what a person is told about it. */
import { afterEach, expect, it } from 'vitest';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { id, sendOp } from './testing/logs.ts';
import { edit, OutboxFixture } from './testing/outbox-fixture.ts';

const box = new OutboxFixture();
afterEach(() => box.account.remove());

it('an edit of a refused message is DEPENDENCY_FAILED: it was not sent either', () => {
  box.enqueue(sendOp(id(100), 'before'));
  const batch = box.next();
  box.enqueue(edit(id(101), id(100), 'after'));
  box.settle(batch, [{ opId: id(100), ok: false, duplicate: false, code: 'FORBIDDEN' }]);
  const { code } = box.item(id(101));
  expect(code).toBe('DEPENDENCY_FAILED');
  expect(errorBody('DEPENDENCY_FAILED').message).toBe(
    'What this depends on was not sent, so this was not sent either.',
  );
});
