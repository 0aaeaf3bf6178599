/** What the routes of logs do, for clients that keep a copy of their own. */
import type { logRoutes } from '@curlew/shared/protocol/routes-logs.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';
import { ok } from '@curlew/shared/lib/result.ts';
import { asIs, type HandlersOf, type RouteParts } from './handler-parts.ts';

/** Creates the handlers. */
export function logHandlers({
  logs,
  needsSetup,
  serverName,
  clientPolicy,
  version,
}: RouteParts): HandlersOf<typeof logRoutes> {
  return {
    window: async ({ caller, params, body }) => asIs(await logs.window(caller.userId, params.id, body)),

    logState: async ({ caller, params, query }) =>
      asIs(await logs.logState(caller.userId, params.id, query.cursor)),

    pull: async ({ caller, params, query }) => asIs(await logs.pull(caller.userId, params.id, query)),

    verify: async ({ caller, body }) => asIs(await logs.verify(caller.userId, body.logs)),

    opsStatus: async ({ caller, body }) => asIs(await logs.opsStatus(caller.userId, body.opIds)),

    discovery: async () =>
      ok({
        value: {
          product: 'curlew',
          version,
          protocol: PROTOCOL_VERSION,
          minProtocol: MIN_PROTOCOL_VERSION,
          name: serverName,
          needsSetup: await needsSetup(),
          client: clientPolicy,
        },
      }),
  };
}
