/** What the routes of bots and their tokens do. */
import { scopeSchema } from '@curlew/shared/protocol/scopes.ts';
import type { botRoutes } from '@curlew/shared/protocol/routes-bots.ts';
import { ok } from '@curlew/shared/lib/result.ts';
import type { BotRow } from '../repositories/bot-repository.ts';
import { answer, submitOne, type HandlersOf, type RouteParts } from './handler-parts.ts';

/** Creates the handlers. */
export function botHandlers({ bots, webhooks, logs, revocations }: RouteParts): HandlersOf<typeof botRoutes> {
  return {
    async createBot({ caller, params, body }) {
      const made = await bots.create(caller.userId, params.id, body.name);
      return made.ok ? ok({ value: view(made.value.bot), fanOut: made.value.fanOut }) : made;
    },

    bots: async ({ caller, params }) =>
      answer(await bots.list(caller.userId, params.id), (rows) => ({ bots: rows.map(view) })),

    async removeBot({ caller, params: { id, botId }, query: { opId } }) {
      const known = await bots.check(caller.userId, id, botId);
      if (!known.ok) return known;
      const key = `role:${botId}`;
      const left = await submitOne(logs, caller, id, { kind: 'org.set', opId, key, value: null });
      // Out already, by somebody else or an earlier try: its tokens end all the same.
      if (!left.ok && left.error.code !== 'NOT_FOUND') return left;
      const ended = await bots.revoke(caller.userId, id, botId);
      if (!ended.ok) return ended;
      await webhooks.removeAll({ by: caller.userId, orgId: id, botId });
      await revocations.poll();
      return ok({ value: {}, fanOut: left.ok ? (left.value.fanOut ?? []) : [] });
    },

    createToken: async ({ caller, params, body }) =>
      answer(await bots.createToken(caller.userId, params.id, params.botId, body), (made) => made),

    tokens: async ({ caller, params }) =>
      answer(await bots.tokens(caller.userId, params.id, params.botId), (rows) => ({
        tokens: rows.map(({ scopes, createdAt, expiresAt, lastUsedAt, ...row }) => ({
          ...row,
          scopes: scopes.flatMap((scope) => scopeSchema.safeParse(scope).data ?? []),
          createdAt: createdAt.getTime(),
          expiresAt: expiresAt?.getTime() ?? null,
          lastUsedAt: lastUsedAt?.getTime() ?? null,
        })),
      })),

    async revokeToken({ caller, params: { id, botId, tokenId } }) {
      const ended = await bots.revoke(caller.userId, id, botId, tokenId);
      if (ended.ok) await revocations.poll();
      return answer(ended, () => ({}));
    },
  };
}

function view({ id, name, createdAt }: BotRow): { id: string; name: string; createdAt: number } {
  return { id, name, createdAt: createdAt.getTime() };
}
