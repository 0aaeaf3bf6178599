/** `create-bot NAME [ORG_ID]` and `create-token BOT_ID SCOPES [NAME]`, for whoever runs the server. */
import { scopes, scopeSchema } from '@curlew/shared/protocol/scopes.ts';
import type { Database } from '../infra/database.ts';
import { findOrgAccess } from '../repositories/access-repository.ts';
import { createBotRepository } from '../repositories/bot-repository.ts';
import { createOrgRepository } from '../repositories/org-repository.ts';
import { createBots, type Bots } from '../services/bots.ts';
import { createLogServices } from '../services/log-services.ts';
import type { Output } from './output.ts';

/** Makes a bot of the organisation; the only one there is when none is named. Answers whether it was made. */
export async function createBot(
  database: Database,
  name: string,
  orgId: string | undefined,
  output: Output,
): Promise<boolean> {
  const ids = (await database.prisma.org.findMany({ select: { id: true, name: true } })).filter(
    (it) => orgId === undefined || it.id === orgId,
  );
  const [org] = ids;
  if (!org || ids.length > 1) {
    output.say(org ? `Name the organization: ${ids.map((it) => it.id).join(', ')}` : 'No such organization.');
    return false;
  }
  const made = await withBots(database, (bots) => bots.create(null, org.id, name));
  if (!made.ok) {
    output.say(made.error.message);
    return false;
  }
  const { id } = made.value.bot;
  output.say(`${name} is a bot of ${org.name}. Its id is ${id}; create-token gives it a token.`);
  output.tell({ event: 'create-bot', botId: id, orgId: org.id });
  return true;
}

/** Makes a token of a bot and tells it, the only time it is readable. Answers whether it was made. */
export async function createToken(
  database: Database,
  botId: string,
  scopeList: string,
  name: string,
  output: Output,
): Promise<boolean> {
  const parsed = scopeList.split(',').map((scope) => scopeSchema.safeParse(scope.trim()));
  const bot = await database.prisma.user.findFirst({ where: { id: botId }, select: { botOf: true } });
  if (!parsed.every((it) => it.success)) {
    output.say(`The scopes are ${Object.keys(scopes).join(', ')}, with commas between them.`);
    return false;
  }
  const orgId = bot?.botOf;
  const made = orgId
    ? await withBots(database, (bots) =>
        bots.createToken(null, orgId, botId, { name, scopes: parsed.map((it) => it.data) }),
      )
    : undefined;
  if (!made?.ok) {
    output.say(made?.error.message ?? 'No such bot.');
    return false;
  }
  const { token, deviceId } = made.value;
  output.say(`The token is shown this once:\n  ${token}\nSockets name the device ${deviceId} with it.`);
  output.tell({ event: 'create-token', ...made.value });
  return true;
}

async function withBots<T>(database: Database, work: (bots: Bots) => Promise<T>): Promise<T> {
  const logs = createLogServices(database);
  const bots = createBots({
    repository: createBotRepository(database.prisma),
    orgs: createOrgRepository(database.prisma),
    logs,
    findOrg: (orgId) => findOrgAccess(database.readPool, orgId),
    now: Date.now,
  });
  try {
    return await work(bots);
  } finally {
    await logs.drain();
  }
}
