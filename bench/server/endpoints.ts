/**
 * Connected endpoints of the load: sockets of the bare relay, and signed-in devices of a Curlew server. Both send the
 * same op through the same client and hear answers and events of the same shape, so that only the servers differ.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import { must } from '@curlew/shared/lib/result.ts';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { OP_VERSION, type OpResult } from '@curlew/shared/protocol/ops.ts';
import { PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';
import type { TestPerson } from '../../e2e/support/people.ts';
import type { Endpoint } from './load.ts';
import { WireClient } from '../../server/src/testing/wire-client.ts';

// 100 bytes of body, as chat messages are; the tag stands in front.
const padding = 'x'.repeat(90);

/** `count` sockets of the relay in pairs (0-1, 2-3, …). */
export async function relayEndpoints(url: string, count: number): Promise<Endpoint[]> {
  const logs = Array.from({ length: Math.ceil(count / 2) }, newId);
  const endpoints: Endpoint[] = [];
  for (let index = 0; index < count; index += 1) {
    const client = await WireClient.connect(url, { user: String(index), peer: String(index ^ 1) });
    endpoints.push(endpoint(client, 1, must(logs[index >> 1], 'one log a pair')));
  }
  return endpoints;
}

/** People of a Curlew server as endpoints in pairs; each pair talks in its direct conversation. */
export async function curlewEndpoints(url: string, people: readonly TestPerson[]): Promise<Endpoint[]> {
  const clients: { client: WireClient; fence: number; person: TestPerson }[] = [];
  for (const person of people) {
    const { accessToken: token, deviceId } = person.session;
    const auth = { token, protocol: PROTOCOL_VERSION, deviceId, instance: randomUUID(), appVersion: 'bench' };
    const client = await WireClient.connect(url, auth);
    const hello = (await client.emit('hello', {})) as { ok: true; value: { fence: number } };
    clients.push({ client, fence: hello.value.fence, person });
  }
  const conversations: string[] = [];
  for (let index = 0; index < clients.length; index += 2) {
    const self = must(clients[index], 'index is below length');
    const peer = must(clients[index + 1], 'people come in pairs');
    const logId = newId();
    const op = {
      opId: newId(),
      v: OP_VERSION,
      kind: 'conversation.create',
      logId,
      orgId: self.person.orgId,
      conversationKind: 'direct',
      protection: 'server',
      peerId: peer.person.userId,
    };
    const result = await submit(self.client, self.fence, logId, op);
    conversations.push(result.canonicalId ?? logId);
  }
  return clients.map(({ client, fence }, index) =>
    endpoint(client, fence, must(conversations[index >> 1], 'one conversation a pair')),
  );
}

function endpoint(client: WireClient, fence: number, logId: string): Endpoint {
  return {
    async send(tag) {
      const op = {
        opId: newId(),
        v: OP_VERSION,
        kind: 'message.send',
        logId,
        text: `${tag} ${padding}`,
        replyTo: null,
        composedAt: Date.now(),
      };
      await submit(client, fence, logId, op);
    },
    onDelivered(listener) {
      const heard = (event: Envelope): void => listener(tagOf((event.payload as { text: string }).text));
      client.listen((name, payload) => {
        if (name === 'message:new') heard(payload as Envelope);
        if (name === 'events:batch') (payload as { events: Envelope[] }).events.forEach(heard);
      });
    },
    close: () => client.close(),
  };
}

async function submit(client: WireClient, fence: number, lane: string, op: object): Promise<OpResult> {
  const answer = (await client.emit('ops:submit', { fence, lane, ops: [op] })) as
    { ok: true; value: { results: OpResult[] } } | { ok: false; error: { code: string } };
  const result = answer.ok ? answer.value.results[0] : undefined;
  if (!result?.ok) throw new Error(`the server refused an op: ${JSON.stringify(answer)}`);
  return result;
}

function newId(): string {
  return uuidV7(Date.now(), randomBytes(10));
}

function tagOf(text: string): string {
  return text.slice(0, text.indexOf(' '));
}
