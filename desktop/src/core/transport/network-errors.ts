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

/** What a proxy on the way said or did, as against the server behind it. */
export class ProxyFault extends Error {
  readonly code: 'PROXY_AUTH' | 'PROXY_UNREACHABLE' | 'OFFLINE';
  readonly detail: string | undefined;

  constructor(code: ProxyFault['code'], detail?: string) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

/** What the SOCKS client's sentences mean; it has no codes. A proxy that reached nobody is none of these. */
const SOCKS_AUTH = /authentication/iu;
const SOCKS_REJECTED = /proxy rejected connection - (\w+)/iu;

/** A failed tunnel. A certificate nobody trusts stays what it is. */
export function proxyFault(cause: unknown): unknown {
  const code = codeOf(cause);
  if (code !== undefined && UNTRUSTED.has(code)) return cause;
  const message = cause instanceof Error ? cause.message : '';
  if (SOCKS_AUTH.test(message)) return new ProxyFault('PROXY_AUTH');
  const rejected = SOCKS_REJECTED.exec(message)?.[1];
  if (rejected !== undefined) return new ProxyFault('OFFLINE', `proxy ${rejected}`);
  return new ProxyFault('PROXY_UNREACHABLE', code);
}

/** Maps anything a socket or request threw. The original code goes into `detail`, for the log. */
export function networkError(cause: unknown): ErrorBody {
  const fault = insidesOf(cause).find((each) => each instanceof ProxyFault);
  if (fault) return errorBody(fault.code, fault.detail === undefined ? {} : { detail: fault.detail });
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

/** The innermost Node error code of a cause chain. */
function codeOf(cause: unknown): string | undefined {
  const codes = insidesOf(cause).flatMap((at) =>
    'code' in at && typeof at.code === 'string' ? [at.code] : [],
  );
  return codes.at(-1);
}

/** A cause and what is in it: of errors, of Engine.IO (`description`) and of `ws` (`error`). */
function insidesOf(cause: unknown): readonly object[] {
  const found: object[] = [];
  let at: unknown = cause;
  for (let depth = 0; depth < 5 && typeof at === 'object' && at !== null; depth += 1) {
    found.push(at);
    at = insideOf(at);
  }
  return found;
}

function insideOf(cause: object): unknown {
  if ('cause' in cause) return cause.cause;
  if ('description' in cause) return cause.description;
  return 'error' in cause ? cause.error : undefined;
}
