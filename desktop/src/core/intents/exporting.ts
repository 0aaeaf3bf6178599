/** Intents of an export. Owns which exports run, and that each belongs to the account it was begun in. */
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import { AccountExport } from '../export/account-export.ts';
import { createExportReads } from '../export/export-reads.ts';
import { done, onAccount } from './intent-types.ts';

/** Running exports by account; an account that is closed takes its exports with it. */
const running = new WeakMap<AccountRuntime, Map<string, AccountExport>>();

function exportsOf(account: AccountRuntime): Map<string, AccountExport> {
  const known = running.get(account) ?? new Map<string, AccountExport>();
  running.set(account, known);
  return known;
}

/** `export.start` */
export const startExport = onAccount<'export.start'>(async (account, { conversationId, texts }, { core }) => {
  const { outbox, cacheDb } = account.stores;
  const id = conversationId === null ? null : outbox.aliasOf(conversationId);
  if (id !== null && !core.reads?.cache.conversation(id)) return err(errorBody('NOT_FOUND'));
  const nowMs = account.nowMs();
  const chosen = await core.ports.makeFolder(`Curlew ${new Date(nowMs).toISOString().slice(0, 10)}`);
  if (!chosen.ok) return chosen;
  const { reads } = core;
  if (chosen.value === null || !reads || core.account !== account) return ok({ exportId: null });
  const exportId = account.newId();
  exportsOf(account).set(
    exportId,
    new AccountExport({
      reads,
      messages: createExportReads(cacheDb, account.account.userId),
      texts,
      folder: chosen.value,
      conversationId: id,
      nowMs,
      nameOf: (conversation) => account.queries.conversationName(conversation),
    }),
  );
  return ok({ exportId });
});

/** `export.step` */
export const stepExport = onAccount<'export.step'>(async (account, { exportId }) => {
  const found = exportsOf(account).get(exportId);
  if (!found) return err(errorBody('NOT_FOUND'));
  try {
    const progress = await found.step();
    if (progress.folder !== null) exportsOf(account).delete(exportId);
    return ok(progress);
  } catch {
    // A full disk, or one that was pulled out: what is there has no index, and says so by that.
    exportsOf(account).delete(exportId);
    return err(errorBody('DISK_FULL'));
  }
});

/** `export.cancel` */
export const cancelExport = onAccount<'export.cancel'>(async (account, { exportId }) => {
  const found = exportsOf(account).get(exportId);
  exportsOf(account).delete(exportId);
  await found?.cancel().catch(() => undefined);
  return done;
});
