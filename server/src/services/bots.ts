/**
 * Bots: users of an organisation that have no address and no password, only tokens. Owners and admins of the
 * organisation run them, and whoever runs the server (`by` null, from the command line).
 */
import { limits } from '@curlew/shared/domain/limits.ts';
import type { Scope } from '@curlew/shared/protocol/scopes.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { OrgAccess } from '../repositories/access-repository.ts';
import type { BotRepository, BotRow, TokenRow } from '../repositories/bot-repository.ts';
import type { OrgRepository } from '../repositories/org-repository.ts';
import { makeApiToken } from './api-tokens.ts';
import { authorise } from './authorise.ts';
import { newId, type Now } from './clock.ts';
import type { FanOut, LogServices, Outcome } from './service-types.ts';

/** A token as its maker sees it, the only time it is readable. */
export interface MadeToken {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
  readonly deviceId: string;
}

/** What a token is made with. */
export interface TokenOptions {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresInMs?: number | null | undefined;
  /** an incoming webhook's conversation */
  readonly conversationId?: string | undefined;
}

/** See the file's head. NOT_FOUND for a bot of another organisation, LIMIT_REACHED for one too many. */
export interface Bots {
  create(
    by: string | null,
    orgId: string,
    name: string,
  ): Promise<Outcome<{ readonly bot: BotRow; readonly fanOut: readonly FanOut[] }>>;
  /** Everybody in the organisation may know them. */
  list(by: string, orgId: string): Promise<Outcome<readonly BotRow[]>>;
  /** Whether `by` may run this bot. */
  check(by: string | null, orgId: string, botId: string): Promise<Outcome<BotRow>>;
  createToken(
    by: string | null,
    orgId: string,
    botId: string,
    options: TokenOptions,
  ): Promise<Outcome<MadeToken>>;
  tokens(by: string, orgId: string, botId: string): Promise<Outcome<readonly TokenRow[]>>;
  /** Ends one token, or all; the caller then polls the revocations. */
  revoke(by: string, orgId: string, botId: string, tokenId?: string): Promise<Outcome<null>>;
}

const full = (limit: keyof typeof limits) =>
  err(errorBody('LIMIT_REACHED', { detail: `${limit}: ${limits[limit]}` }));

/** Creates the service. */
export function createBots(parts: {
  readonly repository: BotRepository;
  readonly orgs: Pick<OrgRepository, 'audit'>;
  readonly logs: Pick<LogServices, 'joinOrg'>;
  readonly findOrg: (orgId: string) => Promise<OrgAccess | undefined>;
  readonly now: Now;
}): Bots {
  const { repository, orgs, logs, findOrg, now } = parts;

  const allow = async (
    by: string | null,
    orgId: string,
    action: 'org.manage' | 'org.people' = 'org.manage',
  ): Promise<Outcome<null>> => {
    if (by === null) return ok(null);
    const verdict = authorise(by, { action, org: await findOrg(orgId) });
    return verdict.isAllowed ? ok(null) : err(errorBody(verdict.code));
  };
  const check: Bots['check'] = async (by, orgId, botId) => {
    const allowed = await allow(by, orgId);
    if (!allowed.ok) return allowed;
    const bot = await repository.findBot(orgId, botId);
    return bot ? ok(bot) : err(errorBody('NOT_FOUND'));
  };
  const note = (by: string | null, orgId: string, action: string, target: string): Promise<void> =>
    orgs.audit({ actorId: by ?? undefined, orgId, action, target });

  return {
    check,

    async create(by, orgId, name) {
      const allowed = await allow(by, orgId);
      if (!allowed.ok) return allowed;
      if ((await repository.botsOf(orgId)).length >= limits.botsPerOrg) return full('botsPerOrg');
      const id = newId();
      await repository.createBot({ id, orgId, name });
      const joined = await logs.joinOrg({ orgId, userId: id, role: 'member', name, isBot: true });
      if (!joined.ok) {
        await repository.discardBot(id);
        return joined;
      }
      await note(by, orgId, 'bot.create', id);
      return ok({ bot: { id, name, createdAt: new Date(now()) }, fanOut: joined.value });
    },

    async list(by, orgId) {
      const allowed = await allow(by, orgId, 'org.people');
      return allowed.ok ? ok(await repository.botsOf(orgId)) : allowed;
    },

    async createToken(by, orgId, botId, { name, scopes, expiresInMs = null, conversationId }) {
      const bot = await check(by, orgId, botId);
      if (!bot.ok) return bot;
      if ((await repository.tokensOf(botId)).length >= limits.tokensPerBot) return full('tokensPerBot');
      const { secret, hash } = makeApiToken();
      const [id, deviceId] = [newId(), newId()];
      await repository.createToken({
        id,
        userId: botId,
        deviceId,
        name,
        hash,
        scopes,
        conversationId: conversationId ?? null,
        createdBy: by,
        expiresAt: expiresInMs === null ? null : new Date(now() + expiresInMs),
      });
      await note(by, orgId, 'token.create', id);
      return ok({ id, token: secret, userId: botId, deviceId });
    },

    async tokens(by, orgId, botId) {
      const bot = await check(by, orgId, botId);
      return bot.ok ? ok(await repository.tokensOf(botId)) : bot;
    },

    async revoke(by, orgId, botId, tokenId) {
      const bot = await check(by, orgId, botId);
      if (!bot.ok) return bot;
      const isKnown = await repository.revoke(botId, tokenId, new Date(now()));
      if (tokenId !== undefined && !isKnown) return err(errorBody('NOT_FOUND'));
      await note(by, orgId, 'token.revoke', tokenId ?? botId);
      return ok(null);
    },
  };
}
