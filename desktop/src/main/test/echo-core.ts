/**
 * A core for the tests of main: signed out, with empty views, and intents that answer what they were given. It speaks
 * the real port and holds no data.
 */
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { FromCore, ToCore } from '../../ipc/core-port.ts';
import type { ViewName } from '../../ipc/views.ts';

const metas: Readonly<Partial<Record<ViewName, unknown>>> = {
  session: { state: 'none', lastServerUrl: null },
  connection: { state: 'idle', waiting: 0, failed: 0, lastContactMs: null, progress: null, error: null },
};

/** Starts the echo core. */
export function createEchoCore(post: (message: FromCore) => void): { receive(message: ToCore): void } {
  let lastViewId = 0;
  return {
    receive(message) {
      if (message.type === 'start') post({ type: 'ready' });
      if (message.type === 'stop') post({ type: 'stopped' });
      if (message.type === 'intent') {
        const isProbe = message.name === 'session.probe';
        const answer = isProbe ? err(errorBody('OFFLINE')) : ok({ echoed: message.request });
        post({ type: 'intentAnswer', id: message.id, answer });
      }
      if (message.type === 'openView') {
        lastViewId += 1;
        const state = { order: [], rows: {}, meta: metas[message.view] ?? {} };
        post({ type: 'viewOpened', id: message.id, answer: ok({ viewId: lastViewId, version: 1, state }) });
      }
    },
  };
}
