/** Puts the core together: the router and what it routes to, which know each other by type only. */
import type { ToCore } from '../ipc/core-port.ts';
import { Core, type CoreHost } from './core.ts';
import { handlers } from './intents/handlers.ts';

/** Makes a core; it waits for `start`. */
export function createCore(host: CoreHost): { receive(message: ToCore): void } {
  const core = new Core(host, handlers);
  return { receive: (message) => core.receive(message) };
}
