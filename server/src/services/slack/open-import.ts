/** What an import is made of, over an open database. */
import type { Database } from '../../infra/database.ts';
import { AppendQueue } from '../../repositories/append-queue.ts';
import { createImportRepository } from '../../repositories/import-repository.ts';
import { MembershipCache } from '../membership-cache.ts';
import { SystemOps } from '../system-ops.ts';
import type { ImportParts } from './import.ts';

/** Opens the parts of an import. */
export function openImport({ readPool, writePool, prisma }: Database): ImportParts {
  const appends = new AppendQueue(writePool);
  const history = new AppendQueue(writePool, {}, 'curlew_import');
  const system = new SystemOps({ appends, cache: new MembershipCache(readPool), readPool });
  return {
    repository: createImportRepository(prisma, readPool),
    append: (ops, asRead) => (asRead ? history : appends).append(ops[0]?.logId ?? '', ops),
    settle: async () => {
      await system.repair();
    },
  };
}
