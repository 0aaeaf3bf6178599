/** Runs a command other than serving. Commands work on the database directly; a running server notices by itself. */
import { createInterface } from 'node:readline/promises';
import { assertNever } from '@curlew/shared/lib/result.ts';
import type { Config } from '../config.ts';
import type { Database } from '../infra/database.ts';
import type { Observer } from '../observe.ts';
import { createIdentityRepository } from '../repositories/identity-repository.ts';
import { createOrgRepository } from '../repositories/org-repository.ts';
import { openSharedSource, openStorage } from '../storage.ts';
import { runBackup } from './backup.ts';
import { createBot, createToken } from './bots.ts';
import { runExport } from './export.ts';
import { runImportSlack } from './import-slack.ts';
import { listUsers } from './list-users.ts';
import type { Output } from './output.ts';
import { resetPassword } from './reset-password.ts';
import { runRestore } from './restore.ts';

/** Runs the configured command; sets the exit code when it fails. */
export async function runCommand(config: Config, observer: Observer, output: Output): Promise<void> {
  const { command } = config;
  switch (command.kind) {
    case 'serve':
      return;
    case 'reset-password':
      return onDatabase(config, observer, async ({ prisma }) => {
        const identities = createIdentityRepository(prisma);
        const orgs = createOrgRepository(prisma);
        const done = await resetPassword({ identities, orgs }, command.email, await readNewPassword());
        output.say(done.message);
        output.tell({ event: 'reset-password', ok: done.ok });
        return done.ok;
      });
    case 'list-users':
      return onDatabase(config, observer, (database) => listUsers(database, output).then(() => true));
    case 'create-bot':
      return onDatabase(config, observer, (database) =>
        createBot(database, command.name, command.orgId, output),
      );
    case 'create-token':
      return onDatabase(config, observer, (database) =>
        createToken(database, command.botId, command.scopes, command.name, output),
      );
    case 'backup':
      await runBackup(config, observer, command.file, output);
      return;
    case 'restore':
      await runRestore(config, observer, command.file, output);
      return;
    case 'import-slack':
      return onDatabase(config, observer, (database) => runImportSlack(database, command, output));
    case 'export':
      return onDatabase(config, observer, (database) =>
        runExport(database, command.dir, command.scope, output),
      );
    default:
      assertNever(command, 'command');
  }
}

/** Runs a command on the database, beside a running server or alone; sets the exit code when it fails. */
async function onDatabase(
  config: Config,
  observer: Observer,
  run: (database: Database) => Promise<boolean>,
): Promise<void> {
  const storage = await openStorage(config, observer, openSharedSource);
  try {
    if (!(await run(storage.database))) process.exitCode = 1;
  } finally {
    await storage.close();
  }
}

/** The new password: the first line of stdin, or undefined (one is made) when nothing is piped in. */
async function readNewPassword(): Promise<string | undefined> {
  if (process.stdin.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line === '' ? undefined : line;
  return undefined;
}
