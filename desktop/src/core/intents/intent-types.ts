/**
 * What an intent handler gets. Owns the seam between `core.ts`, which routes, and the handlers, which know what one
 * intent means. Handlers write to the outbox and answer; they never wait for the network unless the intent asks
 * the server something.
 */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { IntentAnswer, IntentName, IntentRequest } from '../../ipc/intents.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import type { Core } from '../core.ts';

/** Who asks. */
export interface IntentContext {
  readonly core: Core;
  readonly windowId: number;
}

/** An outcome, at once or later. */
export type Outcome<I extends IntentName> =
  Result<IntentAnswer<I>, ErrorBody> | Promise<Result<IntentAnswer<I>, ErrorBody>>;

/** Handles one intent. The request was validated. */
export type IntentHandler<I extends IntentName> = (
  context: IntentContext,
  request: IntentRequest<I>,
) => Outcome<I>;

/** Handles one intent of the account that is open. */
export type AccountHandler<I extends IntentName> = (
  account: AccountRuntime,
  request: IntentRequest<I>,
  context: IntentContext,
) => Outcome<I>;

/** Wraps a handler that needs an account; without one the answer is AUTH_REQUIRED. */
export function onAccount<I extends IntentName>(handle: AccountHandler<I>): IntentHandler<I> {
  return (context, request) => {
    const { account } = context.core;
    return account ? handle(account, request, context) : err(errorBody('AUTH_REQUIRED'));
  };
}

/** The empty answer. */
export const done = ok({});
