/** "Test connection": reaches a server by settings that may not be in use yet, and says how that went. */
import { performance } from 'node:perf_hooks';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { ok, type Result } from '@curlew/shared/lib/result.ts';
import type { IntentAnswer, IntentRequest } from '../ipc/intents.ts';
import { normaliseServerUrl } from '../core/transport/server-url.ts';
import type { NetworkRoutes } from './network-routes.ts';

/** A person waits for it. */
const TIMEOUT_MS = 15_000;

/** Asks the server for what it says to everybody, over a connection of its own. */
export async function testNetwork(
  routes: Pick<NetworkRoutes, 'tryOut'>,
  { settings, password, serverUrl }: IntentRequest<'network.test'>,
): Promise<Result<IntentAnswer<'network.test'>, ErrorBody>> {
  const origin = normaliseServerUrl(serverUrl);
  if (!origin.ok) return origin;
  const route = await routes.tryOut(origin.value, settings, password);
  if (!route.ok) return route;
  // Loaded for those who ask: the connections of every day are the core's.
  const [{ agentFor }, { callRoute }] = await Promise.all([
    import('../core/transport/agents.ts'),
    import('../core/transport/http.ts'),
  ]);
  const agent = agentFor(origin.value, route.value);
  const startedMs = performance.now();
  try {
    const answer = await callRoute(
      { origin: origin.value, agent, timeoutMs: TIMEOUT_MS },
      'discovery',
      {},
      undefined,
    );
    if (!answer.ok) return answer;
    const tookMs = Math.round(performance.now() - startedMs);
    return ok({ host: new URL(origin.value).host, isDirect: route.value.proxy === undefined, tookMs });
  } finally {
    agent.destroy();
  }
}
