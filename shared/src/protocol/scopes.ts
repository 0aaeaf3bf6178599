/** Rights of bots' tokens. A person may do whatever their roles allow; a bot only that of it which its token names. */
import { z } from 'zod';
import type { OpKind } from './ops.ts';
import type { ClientEventName } from './socket.ts';

/** Every scope, and what it opens. */
export const scopes = {
  'messages:read': 'conversations the bot is in, their messages, watermarks and search',
  'messages:write': 'sending, editing, deleting, reacting, reading, typing',
  'conversations:write': 'creating conversations and changing their settings',
  'members:read': 'the people, sites and units of the organisation',
  'members:write': 'taking people into conversations and out of them, and their roles there',
} as const;

/** A scope. */
export type Scope = keyof typeof scopes;
/** See {@link Scope}. */
export const scopeSchema = z.enum(Object.keys(scopes) as [Scope, ...Scope[]]);

/** What an op of each kind asks of a bot, however it comes; null: no bot may. */
export const opScopes: Readonly<Record<OpKind, Scope | null>> = {
  'conversation.create': 'conversations:write',
  'conversation.update': 'conversations:write',
  'member.add': 'members:write',
  'member.remove': 'members:write',
  'member.role': 'members:write',
  'message.send': 'messages:write',
  'message.edit': 'messages:write',
  'message.delete': 'messages:write',
  'reaction.set': 'messages:write',
  'read.set': 'messages:write',
  'delivered.set': 'messages:write',
  'account.set': 'messages:write',
  'org.set': null,
};

/** A socket is told of messages and of people, so it takes both. */
export const socketScopes: readonly Scope[] = ['messages:read', 'members:read'];
/** What an event asks beyond {@link socketScopes}; those that carry ops ask by kind of op. */
export const eventScopes: Partial<Readonly<Record<ClientEventName, Scope>>> = {
  'typing:start': 'messages:write',
  'typing:stop': 'messages:write',
};

/**
 * The first of the needed scopes that is not held; undefined when nothing is missing.
 * @param held undefined: a person, who needs none
 */
export function missingScope<S extends string>(
  held: readonly Scope[] | undefined,
  needed: readonly S[],
): S | undefined {
  if (held === undefined) return undefined;
  const own: readonly string[] = held;
  return needed.find((scope) => !own.includes(scope));
}
