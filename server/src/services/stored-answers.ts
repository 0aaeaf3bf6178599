/**
 * Requests that are safe to repeat although they are no ops: with a key of the client's making, what was done is done
 * once and its answer given again for 24 hours. Answers may hold a token or an invite's code, so they are sealed with
 * the key itself, which is not stored: whoever reads the table learns neither what was asked nor what was answered.
 *
 * Only what succeeded is kept. A refusal changed nothing, so its repetition is judged afresh, like an op's.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { StoredAnswerRepository } from '../repositories/stored-answer-repository.ts';
import type { Now } from './clock.ts';
import type { Outcome } from './service-types.ts';

/** How long an answer is given again. */
export const KEEP_ANSWER_MS = 24 * 3_600_000;
/** After this a request that nobody answered is taken for lost with its process, and carried out anew. */
const CLAIM_MS = 60_000;
const IN_USE_RETRY_MS = 1_000;
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What makes a request the one it is. */
export interface KeyedRequest {
  /** whose keys these are: a user's id, or a word for those who have none yet */
  readonly owner: string;
  readonly key: string;
  /** method, path and body as one text */
  readonly asked: string;
}

/** See the file's head. */
export interface StoredAnswers {
  /**
   * Carries `work` out unless it was before.
   * @param valueOf what of the result is kept
   * @param again makes a result of a kept value
   * @returns also IDEMPOTENCY_KEY_REUSED and IDEMPOTENCY_KEY_IN_USE
   */
  once<T>(
    request: KeyedRequest,
    work: () => Promise<Outcome<T>>,
    valueOf: (result: T) => unknown,
    again: (value: unknown) => T,
  ): Promise<Outcome<T>>;
}

/** Creates the service. `renewMs`: how often a claim is renewed while its work goes on. */
export function createStoredAnswers(
  repository: StoredAnswerRepository,
  now: Now,
  renewMs = CLAIM_MS / 4,
): StoredAnswers {
  return {
    async once({ owner, key, asked }, work, valueOf, again) {
      const id = digest('id', owner, key);
      const fingerprint = new Uint8Array(createHmac('sha256', key).update(asked).digest());
      const nowMs = now();
      const found = await repository.claim({ id, fingerprint }, new Date(nowMs), {
        answeredBefore: new Date(nowMs - KEEP_ANSWER_MS),
        claimedBefore: new Date(nowMs - CLAIM_MS),
      });
      if (found) {
        if (Buffer.compare(found.fingerprint, fingerprint) !== 0)
          return err(errorBody('IDEMPOTENCY_KEY_REUSED'));
        if (!found.answer) return err(errorBody('IDEMPOTENCY_KEY_IN_USE', { retryMs: IN_USE_RETRY_MS }));
        return ok(again(open(found.answer, owner, key)));
      }
      // Work that takes long is not lost: its claim stays young while this process is at it.
      const renewal = setInterval(
        () => void repository.renew(id, new Date(now())).catch(() => undefined),
        renewMs,
      );
      renewal.unref();
      // When this throws nobody knows what was done: the claim stays until it is taken for lost.
      const outcome = await work().finally(() => clearInterval(renewal));
      if (outcome.ok) await repository.keep(id, seal(valueOf(outcome.value), owner, key));
      else await repository.release(id);
      return outcome;
    },
  };
}

function digest(...parts: readonly string[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(parts.join('\n')).digest());
}

function seal(value: unknown, owner: string, key: string): Uint8Array<ArrayBuffer> {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, digest('seal', owner, key), iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return new Uint8Array(Buffer.concat([iv, cipher.getAuthTag(), sealed]));
}

function open(sealed: Uint8Array, owner: string, key: string): unknown {
  const decipher = createDecipheriv(CIPHER, digest('seal', owner, key), sealed.subarray(0, IV_BYTES));
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const text = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  return JSON.parse(text.toString('utf8'));
}
