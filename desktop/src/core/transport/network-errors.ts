/** What a failed connection means. Owns the one mapping from Node's errors and foreign error bodies to the catalogue. */
import { errorBody, errorBodySchema, type ErrorBody } from '@curlew/shared/protocol/errors.ts';

const UNTRUSTED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_UNTRUSTED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Maps anything a socket or request threw. The original code goes into `detail`, for the log. */
export function networkError(cause: unknown): ErrorBody {
  const code = codeOf(cause);
  if (code !== undefined && UNTRUSTED.has(code)) return errorBody('CERTIFICATE_UNTRUSTED', { detail: code });
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return errorBody('TIMEOUT', { detail: code });
  return errorBody('OFFLINE', code === undefined ? {} : { detail: code });
}

/** Reads `{error}` of an HTTP answer or `connect_error.data`; what is no such body becomes INTERNAL or OFFLINE. */
export function foreignError(value: unknown, status?: number): ErrorBody {
  const parsed = errorBodySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const code =
    typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'
      ? value.code
      : undefined;
  if (code !== undefined) return errorBody('INTERNAL', { detail: code });
  // A proxy or load balancer answered, not Curlew: the server behind it is away.
  if (status === 502 || status === 503 || status === 504)
    return errorBody('BUSY', { detail: `http ${status}` });
  if (status === 429) return errorBody('RATE_LIMITED');
  return errorBody('INTERNAL', status === undefined ? {} : { detail: `http ${status}` });
}

/** The innermost Node error code of a cause chain: of errors, of Engine.IO (`description`) and of `ws` (`error`). */
function codeOf(cause: unknown): string | undefined {
  let found: string | undefined;
  let at: unknown = cause;
  for (let depth = 0; depth < 5 && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'string') found = at.code;
    at = insideOf(at);
  }
  return found;
}

function insideOf(cause: object): unknown {
  if ('cause' in cause) return cause.cause;
  if ('description' in cause) return cause.description;
  return 'error' in cause ? cause.error : undefined;
}
