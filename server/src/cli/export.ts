/**
 * `export DIR --org ID_OR_NAME`, `--conversation ID` or `--user EMAIL`: messages as files that anything can open. The
 * server may be running.
 */
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import type { ExportScope } from '../config.ts';
import type { Database } from '../infra/database.ts';
import type { ExportSelection } from '../repositories/export-repository.ts';
import { createImportRepository } from '../repositories/import-repository.ts';
import { createIdentityRepository } from '../repositories/identity-repository.ts';
import { createOrgRepository } from '../repositories/org-repository.ts';
import { normalEmail } from '../services/email.ts';
import { exportConversations, isFreeFolder } from '../services/export.ts';
import type { Output } from './output.ts';

/** How often a line tells how far it is. */
const TELL_EVERY_MS = 2_000;

/** Runs the export. Answers whether it was written. */
export async function runExport(
  database: Database,
  dir: string,
  scope: ExportScope,
  output: Output,
): Promise<boolean> {
  const selection = await select(database, scope);
  if (typeof selection === 'string') {
    output.say(selection);
    return false;
  }
  if (!(await isFreeFolder(dir))) {
    output.say(`${dir} is not empty. Name a folder that is, or one that is not there yet.`);
    return false;
  }
  let toldMs = performance.now();
  const report = await exportConversations(database.readPool, selection, dir, Date.now(), (done) => {
    if (performance.now() - toldMs < TELL_EVERY_MS) return;
    toldMs = performance.now();
    output.say(`${done.conversations} conversations, ${done.messages} messages`);
    output.tell({ event: 'export-progress', ...done });
  });
  const { conversations, messages } = report;
  const orgId = 'orgId' in selection ? selection.orgId : undefined;
  const target =
    'userId' in selection
      ? selection.userId
      : 'conversationId' in selection
        ? selection.conversationId
        : orgId;
  const detail = { of: scope.of, conversations, messages };
  await createOrgRepository(database.prisma).audit({
    actorId: undefined,
    orgId,
    action: 'messages.export',
    target,
    detail,
  });
  output.say(
    `Wrote ${messages} messages of ${conversations} conversations to ${dir}. Open index.html; keep it where only those may read it who should.`,
  );
  output.tell({ event: 'export', dir, ...report });
  return true;
}

/** What is to be exported, or a sentence why that is not there. */
async function select({ prisma, readPool }: Database, scope: ExportScope): Promise<ExportSelection | string> {
  switch (scope.of) {
    case 'org': {
      const [org, ...more] = await createImportRepository(prisma, readPool).findOrgs(scope.idOrName);
      if (!org) return 'No such organization. list-users names those there are.';
      return more.length > 0 ? `Several organizations have this name. Name it by its id.` : { orgId: org.id };
    }
    case 'conversation': {
      const isId = uuidSchema.safeParse(scope.id).success;
      const found =
        isId && (await prisma.conversation.findUnique({ where: { id: scope.id }, select: { id: true } }));
      return found ? { conversationId: scope.id } : 'No such conversation.';
    }
    case 'user': {
      const account = await createIdentityRepository(prisma).findByEmail(normalEmail(scope.email));
      return account ? { userId: account.id } : 'Nobody has this address.';
    }
  }
}
