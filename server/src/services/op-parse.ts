/** Validates the ops of a submit one by one, so that a bad one is refused alone. */
import { utf8Length } from '@curlew/shared/domain/ids.ts';
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { opSchema, type Op } from '@curlew/shared/protocol/ops.ts';

/** An op as it came, or why it is none. `opId` is what the client can find it by; empty when it has none. */
export type ParsedOp =
  | { readonly opId: string; readonly op: Op }
  | { readonly opId: string; readonly code: ErrorCode; readonly detail: string };

/** Reads one op of a batch. */
export function parseOp(raw: unknown): ParsedOp {
  const opId = stringField(raw, 'opId').slice(0, 64);
  // The creator is in it too.
  if (membersOf(raw) >= limits.groupMembers) return { opId, code: 'GROUP_FULL', detail: 'memberIds' };
  if (isTooLong(raw))
    return { opId, code: 'TOO_LARGE', detail: `text: at most ${limits.textBytes} bytes of UTF-8` };
  const parsed = opSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return {
      opId,
      code: 'BAD_REQUEST',
      detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`.slice(0, 200),
    };
  }
  const { data } = parsed;
  if (data.kind === 'conversation.create' && data.logId === data.orgId) {
    return { opId, code: 'BAD_REQUEST', detail: 'logId: must be a new id' };
  }
  return { opId, op: data };
}

function isTooLong(raw: unknown): boolean {
  return utf8Length(stringField(raw, 'text')) > limits.textBytes;
}

function membersOf(raw: unknown): number {
  const ids: unknown = typeof raw === 'object' && raw !== null ? Reflect.get(raw, 'memberIds') : undefined;
  return Array.isArray(ids) ? ids.length : 0;
}

function stringField(raw: unknown, name: string): string {
  const value: unknown = typeof raw === 'object' && raw !== null ? Reflect.get(raw, name) : undefined;
  return typeof value === 'string' ? value : '';
}
