/** Whether an error says that the database is away for the moment, through `pg` or through Prisma. */
import { z } from 'zod';
import { classifyPgError } from '../infra/pg-errors.ts';

/** Prisma's codes: unreachable, timed out, closed the connection, no free connection, transaction could not start. */
const prismaAway = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

/** Where Prisma keeps the SQLSTATE of what it has no code of its own for (P2039: starting up, shutting down …). */
const adapterErrorSchema = z.object({
  meta: z.object({ driverAdapterError: z.object({ cause: z.object({ originalCode: z.string() }) }) }),
});

/** Looks through the causes: Prisma wraps its adapter's error, which wraps the driver's. */
export function isDatabaseAway(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const adapterError = adapterErrorSchema.safeParse(cause);
    if (adapterError.success) {
      return (
        classifyPgError({ code: adapterError.data.meta.driverAdapterError.cause.originalCode }) ===
        'unavailable'
      );
    }
    if ('code' in cause && prismaAway.has(String(cause.code))) return true;
    if (classifyPgError(cause) === 'unavailable') return true;
  }
  return false;
}
