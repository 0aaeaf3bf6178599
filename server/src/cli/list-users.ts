/** `list-users`: everybody who has an account here, and the bots. */
import type { Database } from '../infra/database.ts';
import type { Output } from './output.ts';

/** Tells one line a user: as JSON for programs, as a sentence for people. */
export async function listUsers({ prisma }: Database, output: Output): Promise<void> {
  const users = await prisma.user.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  const members = await prisma.orgMember.findMany({ where: { leftSeq: null } });
  const names = new Map((await prisma.org.findMany()).map(({ id, name }) => [id, name]));
  for (const { id, email, name, botOf, createdAt, lastSeenAt, disabledAt } of users) {
    const orgs = members
      .filter(({ userId }) => userId === id)
      .map(({ orgId, role }) => ({ id: orgId, name: names.get(orgId) ?? '', role }));
    const standing = orgs.map((org) => `${org.role} of ${org.name}`).join(', ') || 'in no organization';
    const state = disabledAt === null ? '' : ', disabled';
    output.say(`${email ?? 'bot'}  ${name}  ${standing}${state}`);
    output.tell({
      event: 'user',
      id,
      email,
      name,
      isBot: botOf !== null,
      isDisabled: disabledAt !== null,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt?.toISOString() ?? null,
      orgs,
    });
  }
}
