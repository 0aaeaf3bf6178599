/** What a route of the HTTP protocol is, and the shapes that several tables of routes share. */
import { z } from 'zod';
import { textSchema, uuidSchema } from '../domain/ids.ts';
import { limits } from '../domain/limits.ts';
import type { Scope } from './scopes.ts';

/** Who may call: anybody, or the holder of an access token (`Authorization: Bearer`). */
export type RouteAccess = 'public' | 'user';

/**
 * How a write is made safe to repeat. `op`: it becomes an op, and `opId` (in the body, for DELETE in the query, or as
 * the header `Idempotency-Key`) is its identity for ever. `answer`: with the header `Idempotency-Key` the answer is
 * kept for 24 hours and given again. Absent: it reads, or repeating it changes nothing.
 */
export type RouteWrite = 'op' | 'answer';

/** One route. Path parameters are `:name`; absent schemas mean "none". */
export interface RouteSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly access: RouteAccess;
  readonly write?: RouteWrite;
  /** What a bot's token needs; absent on a route for users: no bot may. */
  readonly scopes?: readonly Scope[];
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
}

/** A display name that is not blank. */
export const nameSchema = textSchema(limits.nameBytes, 1).refine(
  (name) => name.trim() !== '',
  'must not be blank',
);
/** An address of e-mail. */
export const emailSchema = z.email().max(254);
/** How long an invite or a token lives, ms: a minute to ten years. */
export const lifetimeSchema = z.int().min(60_000).max(315_360_000_000);
/** Paths with one id. */
export const byId = z.object({ id: uuidSchema });
/** Writes that carry nothing but the op's id: the query of a DELETE. */
export const opIdOnly = z.strictObject({ opId: uuidSchema });
/** An answer that says no more than that it was done. */
export const empty = z.object({});
