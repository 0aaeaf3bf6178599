/**
 * Webhooks as administrators run them. An outgoing one belongs to a bot and tells what that bot may see, so it opens
 * nothing that a member of the conversation could not read; an incoming one is a token of the bot for one conversation.
 */
import { randomBytes } from 'node:crypto';
import { limits } from '@curlew/shared/domain/limits.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { AddressRefused, type PinnedPost } from '../infra/pinned-post.ts';
import type { OrgRepository } from '../repositories/org-repository.ts';
import type { WebhookRepository } from '../repositories/webhook-repository.ts';
import type { Bots, MadeToken } from './bots.ts';
import { newId, type Now } from './clock.ts';
import type { LogServices, Outcome } from './service-types.ts';
import { SECRET_PREFIX } from './webhook-sender.ts';

type Repository = WebhookRepository;
type Webhook = Awaited<ReturnType<Repository['create']>>;
type Delivery = Awaited<ReturnType<Repository['deliveries']>>[number];

/** What an outgoing webhook is made with. */
export interface WebhookOptions {
  readonly url: string;
  readonly events: readonly string[];
  readonly conversationId: string | null;
}

/** A bot, and who runs it. */
export interface BotPlace {
  readonly by: string;
  readonly orgId: string;
  readonly botId: string;
}

/** See the file's head. NOT_FOUND for bots and webhooks of others. */
export interface Webhooks {
  create(place: BotPlace, options: WebhookOptions): Promise<Outcome<Webhook>>;
  list(place: BotPlace): Promise<Outcome<readonly Webhook[]>>;
  enable(place: BotPlace, webhookId: string, isEnabled: boolean): Promise<Outcome<Webhook>>;
  remove(place: BotPlace, webhookId: string): Promise<Outcome<null>>;
  /** Ends everything of a bot that is removed. */
  removeAll(place: BotPlace): Promise<Outcome<null>>;
  deliveries(place: BotPlace, webhookId: string, limit: number): Promise<Outcome<readonly Delivery[]>>;
  createIncoming(place: BotPlace, name: string, conversationId: string): Promise<Outcome<MadeToken>>;
}

/** Creates the service. */
export function createWebhooks(parts: {
  readonly repository: Repository;
  readonly client: Pick<PinnedPost, 'check'>;
  readonly bots: Pick<Bots, 'check' | 'createToken'>;
  readonly orgs: Pick<OrgRepository, 'audit'>;
  readonly logs: Pick<LogServices, 'members'>;
  readonly now: Now;
  /** Hears that a hook was made or turned on. */
  readonly onEnabled: () => void;
}): Webhooks {
  const { repository, client, bots, orgs, logs, now, onEnabled } = parts;

  const find = async ({ by, orgId, botId }: BotPlace, webhookId: string): Promise<Outcome<Webhook>> => {
    const bot = await bots.check(by, orgId, botId);
    if (!bot.ok) return bot;
    const hook = await repository.find(botId, webhookId);
    return hook ? ok(hook) : err(errorBody('NOT_FOUND'));
  };
  const note = ({ by, orgId }: BotPlace, action: string, target: string): Promise<void> =>
    orgs.audit({ actorId: by, orgId, action, target });
  /** A hook about a conversation needs its bot in it. */
  const checkMember = async (botId: string, conversationId: string | null): Promise<Outcome<null>> => {
    if (conversationId === null) return ok(null);
    const members = await logs.members(botId, conversationId);
    return members.ok ? ok(null) : members;
  };

  return {
    async create(place, { url, events, conversationId }) {
      const { by, orgId, botId } = place;
      const bot = await bots.check(by, orgId, botId);
      if (!bot.ok) return bot;
      const member = await checkMember(botId, conversationId);
      if (!member.ok) return member;
      if ((await repository.listOf(botId)).length >= limits.webhooksPerBot)
        return err(errorBody('LIMIT_REACHED', { detail: `webhooksPerBot: ${limits.webhooksPerBot}` }));
      try {
        await client.check(url);
      } catch (error) {
        if (!(error instanceof AddressRefused)) throw error;
        return err(errorBody('WEBHOOK_ADDRESS', { detail: `url: ${error.message}` }));
      }
      const hook = await repository.create({
        id: newId(),
        orgId,
        botId,
        conversationId,
        url,
        secret: `${SECRET_PREFIX}${randomBytes(32).toString('base64')}`,
        events: [...new Set(events)],
        createdBy: by,
      });
      await note(place, 'webhook.create', hook.id);
      onEnabled();
      return ok(hook);
    },

    async list({ by, orgId, botId }) {
      const bot = await bots.check(by, orgId, botId);
      return bot.ok ? ok(await repository.listOf(botId)) : bot;
    },

    async enable(place, webhookId, isEnabled) {
      const hook = await find(place, webhookId);
      if (!hook.ok || (hook.value.disabledReason === null) === isEnabled) return hook;
      await note(place, isEnabled ? 'webhook.enable' : 'webhook.disable', webhookId);
      const changed = await repository.enable(webhookId, isEnabled, new Date(now()));
      if (isEnabled) onEnabled();
      return ok(changed);
    },

    async remove(place, webhookId) {
      const hook = await find(place, webhookId);
      if (!hook.ok) return hook;
      await repository.remove([webhookId]);
      await note(place, 'webhook.remove', webhookId);
      return ok(null);
    },

    async removeAll({ by, orgId, botId }) {
      const bot = await bots.check(by, orgId, botId);
      if (!bot.ok) return bot;
      await repository.remove((await repository.listOf(botId)).map(({ id }) => id));
      return ok(null);
    },

    async deliveries(place, webhookId, limit) {
      const hook = await find(place, webhookId);
      return hook.ok ? ok(await repository.deliveries(webhookId, limit)) : hook;
    },

    async createIncoming({ by, orgId, botId }, name, conversationId) {
      const bot = await bots.check(by, orgId, botId);
      if (!bot.ok) return bot;
      const member = await checkMember(botId, conversationId);
      if (!member.ok) return member;
      return bots.createToken(by, orgId, botId, { name, scopes: ['messages:write'], conversationId });
    },
  };
}
