/** What the routes of webhooks do. */
import { randomUUID } from 'node:crypto';
import {
  disabledReasonSchema,
  webhookEventSchema,
  type webhookRoutes,
} from '@curlew/shared/protocol/routes-webhooks.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err } from '@curlew/shared/lib/result.ts';
import type { Caller } from '../services/access-tokens.ts';
import type { BotPlace, Webhooks } from '../services/webhooks.ts';
import {
  answer,
  composedAtOf,
  limited,
  submitOne,
  type HandlersOf,
  type RouteParts,
} from './handler-parts.ts';

type Made = Extract<Awaited<ReturnType<Webhooks['create']>>, { ok: true }>['value'];

/** Creates the handlers. */
export function webhookHandlers({
  webhooks,
  apiTokens,
  logs,
  rateLimits,
  publicUrl,
}: RouteParts): HandlersOf<typeof webhookRoutes> {
  return {
    createWebhook: async ({ caller, params, body }) =>
      answer(await webhooks.create(placeOf(caller, params), body), (hook) => ({
        ...view(hook),
        secret: hook.secret,
      })),

    webhooks: async ({ caller, params }) =>
      answer(await webhooks.list(placeOf(caller, params)), (hooks) => ({ webhooks: hooks.map(view) })),

    updateWebhook: async ({ caller, params, body }) =>
      answer(await webhooks.enable(placeOf(caller, params), params.webhookId, body.isEnabled), view),

    deleteWebhook: async ({ caller, params }) =>
      answer(await webhooks.remove(placeOf(caller, params), params.webhookId), () => ({})),

    deliveries: async ({ caller, params, query }) =>
      answer(await webhooks.deliveries(placeOf(caller, params), params.webhookId, query.limit), (rows) => ({
        deliveries: rows.map(({ id, webhookId: _webhookId, seq, createdAt, settledAt, ...row }) => ({
          ...row,
          id: String(id),
          seq: Number(seq),
          createdAt: createdAt.getTime(),
          settledAt: settledAt?.getTime() ?? null,
        })),
      })),

    createIncomingWebhook: async ({ caller, params, body, baseUrl }) =>
      answer(
        await webhooks.createIncoming(placeOf(caller, params), body.name, body.conversationId),
        ({ id, token }) => ({ id, url: `${publicUrl ?? baseUrl}/api/hooks/${token}` }),
      ),

    async postIncoming({ params, body }) {
      const hook = await apiTokens.verifyHook(params.secret);
      // Whatever is wrong with an address, it is not there for whoever calls it.
      if (!hook.ok) return err(errorBody('NOT_FOUND'));
      const { conversationId, ...caller } = hook.value;
      const allowed = await limited(rateLimits('incomingWebhook', caller.sessionId));
      if (!allowed.ok) return allowed;
      const { text, opId = randomUUID() } = body;
      const composedAt = composedAtOf(opId);
      const op = { kind: 'message.send', opId, text, replyTo: null, composedAt } as const;
      return submitOne(logs, caller, conversationId, op);
    },
  };
}

function placeOf(
  { userId }: Caller,
  { id, botId }: { readonly id: string; readonly botId: string },
): BotPlace {
  return { by: userId, orgId: id, botId };
}

function view({ id, url, events, conversationId, createdAt, disabledReason }: Made) {
  return {
    id,
    url,
    conversationId,
    events: events.flatMap((event) => webhookEventSchema.safeParse(event).data ?? []),
    createdAt: createdAt.getTime(),
    disabledReason: disabledReasonSchema.parse(disabledReason),
  };
}
