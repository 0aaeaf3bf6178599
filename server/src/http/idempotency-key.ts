/** The header `Idempotency-Key`: a UUID, quoted as the draft has it or bare. For a write that is an op it is the opId. */
import type { Request } from 'express';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { RouteSpec } from '@curlew/shared/protocol/route-spec.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { Outcome } from '../services/service-types.ts';

/** The key of a request; undefined without the header, BAD_REQUEST when it is no UUID. */
export function readKey(request: Request): Outcome<string | undefined> {
  const header = request.get('idempotency-key');
  if (header === undefined) return ok(undefined);
  const key = header
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .toLowerCase();
  return uuidSchema.safeParse(key).success
    ? ok(key)
    : err(errorBody('BAD_REQUEST', { detail: 'Idempotency-Key: must be a UUID' }));
}

/**
 * Puts the key where an op's id belongs: into the query of a DELETE, else into the body.
 * @returns the parts to validate; BAD_REQUEST when the request names another opId itself
 */
export function withOpId(
  spec: RouteSpec,
  key: string | undefined,
  parts: { readonly query: Readonly<Record<string, unknown>>; readonly body: unknown },
): Outcome<{ readonly query: Readonly<Record<string, unknown>>; readonly body: unknown }> {
  if (spec.write !== 'op' || key === undefined) return ok(parts);
  const part = spec.body ? 'body' : 'query';
  const given: unknown = parts[part] ?? {};
  // Anything but an object is for the schema to refuse.
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return ok(parts);
  if ('opId' in given && given.opId !== key)
    return err(errorBody('BAD_REQUEST', { detail: `${part}.opId: differs from the Idempotency-Key` }));
  return ok({ ...parts, [part]: { ...given, opId: key } });
}
