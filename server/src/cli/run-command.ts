/** Runs a command other than serving. Commands work on the database directly; a running server notices by itself. */
import { createInterface } from 'node:readline/promises';
import { assertNever } from '@curlew/shared/lib/result.ts';
import type { Config } from '../config.ts';
import type { Observer } from '../observe.ts';
import { createIdentityRepository } from '../repositories/identity-repository.ts';
import { createOrgRepository } from '../repositories/org-repository.ts';
import { openSharedSource, openStorage } from '../storage.ts';
import { runBackup } from './backup.ts';
import type { Output } from './output.ts';
import { resetPassword } from './reset-password.ts';
import { runRestore } from './restore.ts';

/** Runs the configured command; sets the exit code when it fails. */
export async function runCommand(config: Config, observer: Observer, output: Output): Promise<void> {
  const { command } = config;
  switch (command.kind) {
    case 'serve':
      return;
    case 'reset-password': {
      const storage = await openStorage(config, observer, openSharedSource);
      try {
        const identities = createIdentityRepository(storage.database.prisma);
        const orgs = createOrgRepository(storage.database.prisma);
        const done = await resetPassword({ identities, orgs }, command.email, await readNewPassword());
        output.say(done.message);
        output.tell({ event: 'reset-password', ok: done.ok });
        if (!done.ok) process.exitCode = 1;
      } finally {
        await storage.close();
      }
      return;
    }
    case 'backup':
      await runBackup(config, observer, command.file, output);
      return;
    case 'restore':
      await runRestore(config, observer, command.file, output);
      return;
    default:
      assertNever(command, 'command');
  }
}

/** The new password: the first line of stdin, or undefined (one is made) when nothing is piped in. */
async function readNewPassword(): Promise<string | undefined> {
  if (process.stdin.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line === '' ? undefined : line;
  return undefined;
}
