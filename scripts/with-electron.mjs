// Runs a command with every variable set that tools read to find the Electron runtime, and with a display:
// `node scripts/with-electron.mjs npx electron-vite dev`.

import { bootstrapApp, electronEnv } from './bootstrap/bootstrap.mjs';
import { ensureDisplay } from './bootstrap/display.mjs';
import { ensureNode } from './bootstrap/node-runtime.mjs';
import { runInherited } from './bootstrap/processes.mjs';
import { SetupError, runMain } from './bootstrap/progress.mjs';

await runMain(async () => {
  if (!(await ensureNode())) return;
  const [command, ...args] = process.argv.slice(2);
  if (command === undefined) {
    throw new SetupError('No command given.', 'node scripts/with-electron.mjs <command> [arguments]');
  }
  const runtime = await bootstrapApp();
  const session = await ensureDisplay();
  try {
    return await runInherited(command, args, {
      env: { ...process.env, ...electronEnv(runtime), ...session.env },
    });
  } finally {
    await session.stop();
  }
});
