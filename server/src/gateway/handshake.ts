/** The handshake: who may have a socket at all. Runs before the connection exists; nothing is trusted but the token. */
import { handshakeSchema } from '@curlew/shared/protocol/socket.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { missingScope, socketScopes } from '@curlew/shared/protocol/scopes.ts';
import { MIN_PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { describeIssue } from '../services/describe-issue.ts';
import type { CallerTokens } from '../services/api-tokens.ts';
import type { RateLimits } from '../services/rate-limits.ts';
import { isAppTooOld, type ClientPolicy } from '../services/client-policy.ts';
import type { Now } from '../services/clock.ts';
import type { Revocations } from '../services/revocations.ts';
import type { Outcome } from '../services/service-types.ts';
import type { Session } from './session.ts';

/** What the handshake asks. */
export interface HandshakeParts {
  readonly tokens: CallerTokens;
  readonly revocations: Pick<Revocations, 'check'>;
  readonly rateLimits: RateLimits;
  readonly clientPolicy: ClientPolicy;
  readonly now: Now;
}

/** Judges the `auth` object of a new socket. */
export async function acceptHandshake(auth: unknown, parts: HandshakeParts): Promise<Outcome<Session>> {
  const { tokens, revocations, rateLimits, clientPolicy, now } = parts;
  if (typeof auth !== 'object' || auth === null) return err(errorBody('AUTH_REQUIRED'));
  const token = 'token' in auth ? auth.token : undefined;
  if (typeof token !== 'string' || token === '') return err(errorBody('AUTH_REQUIRED'));
  // Before the schema: an old client's handshake may have another shape, and it must hear why.
  if (isTooOld(auth)) return err(errorBody('PROTOCOL_TOO_OLD'));
  const parsed = handshakeSchema.safeParse(auth);
  if (!parsed.success) return err(errorBody('BAD_REQUEST', { detail: describeIssue(parsed.error) }));
  if (isAppTooOld(parsed.data.appVersion, clientPolicy, now())) return err(errorBody('PROTOCOL_TOO_OLD'));
  const caller = await tokens.verify(token);
  if (!caller.ok) return caller;
  if (caller.value.deviceId !== parsed.data.deviceId) {
    return err(errorBody('AUTH_REQUIRED', { detail: 'deviceId: not the one of the token' }));
  }
  const missing = missingScope(caller.value.scopes, socketScopes);
  if (missing !== undefined) return err(errorBody('SCOPE_MISSING', { detail: missing }));
  const revoked = revocations.check(caller.value.sessionId);
  if (revoked) return err(revoked);
  const retryMs = await rateLimits('connectAccount', caller.value.userId);
  if (retryMs !== undefined) return err(errorBody('RATE_LIMITED', { retryMs }));
  const { instance } = parsed.data;
  return ok({
    caller: caller.value,
    instance,
    fence: null,
    opened: new Set(),
    watchVersion: 0,
    watching: new Map(),
  });
}

function isTooOld(auth: object): boolean {
  return 'protocol' in auth && typeof auth.protocol === 'number' && auth.protocol < MIN_PROTOCOL_VERSION;
}

/** An error in the shape Socket.IO hands to the client's `connect_error`: `{message, data: {code, message, …}}`. */
export class HandshakeError extends Error {
  readonly data: ErrorBody;

  constructor(body: ErrorBody) {
    super(body.message);
    this.data = body;
  }
}
