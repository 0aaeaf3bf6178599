/**
 * The core without a window: a process that speaks the core's port as JSON lines, `ToCore` on stdin and `FromCore` on
 * stdout. Owns nothing but that pipe; whoever starts it answers the keyring and network questions.
 */
import { createInterface } from 'node:readline';
import { createCore } from '../desktop/src/core/create-core.ts';
import { nodeClock, nodeRandom, nodeTimers } from '../desktop/src/core/node-ports.ts';
import type { FromCore, ToCore } from '../desktop/src/ipc/core-port.ts';

const core = createCore({
  clock: nodeClock,
  timers: nodeTimers,
  random: nodeRandom,
  post(message: FromCore) {
    if (message.type === 'log') {
      if (process.env['CURLEW_CORE_LOG']) process.stderr.write(`${JSON.stringify(message)}\n`);
      return;
    }
    process.stdout.write(`${JSON.stringify(message)}\n`);
    if (message.type === 'stopped') process.exit(0);
  },
});

const lines = createInterface({ input: process.stdin });
// Whoever writes the lines is this repository's own test; the core validates every request inside.
lines.on('line', (line) => core.receive(JSON.parse(line) as ToCore));
// The parent is gone: end like a window that was closed.
lines.on('close', () => core.receive({ type: 'stop' }));
