/** Connected endpoints of the load: sockets of the bare relay, and signed-in devices of a Curlew server. */
import { randomBytes, randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import { must } from '@curlew/shared/lib/result.ts';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { OP_VERSION, type OpResult } from '@curlew/shared/protocol/ops.ts';
import { PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';
import type { TestPerson } from '../../e2e/support/people.ts';
import type { Endpoint } from './load.ts';

const options = { transports: ['websocket'], reconnection: false, forceNew: true };
// 100 bytes of body, as chat messages are; the tag stands in front.
const padding = 'x'.repeat(90);

async function connected(socket: Socket): Promise<Socket> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** `count` sockets of the relay in pairs (0-1, 2-3, …). */
export async function relayEndpoints(url: string, count: number): Promise<Endpoint[]> {
  const endpoints: Endpoint[] = [];
  for (let index = 0; index < count; index += 1) {
    const auth = { user: String(index), peer: String(index ^ 1) };
    const socket = await connected(io(url, { ...options, auth }));
    endpoints.push({
      send: (tag) => socket.emitWithAck('message', relayFrame(tag)).then(() => undefined),
      onDelivered: (listener) =>
        void socket.on('message:new', (event: { payload: { text: string } }) =>
          listener(tagOf(event.payload.text)),
        ),
      close: () => socket.disconnect(),
    });
  }
  return endpoints;
}

// The relay carries the fields of a real op, so that both servers parse and write frames of one size.
function relayFrame(tag: string): object {
  return { opId: randomUUID(), v: 1, logId: randomUUID(), payload: { text: `${tag} ${padding}` } };
}

/** People of a Curlew server as endpoints in pairs; each pair talks in its direct conversation. */
export async function curlewEndpoints(url: string, people: readonly TestPerson[]): Promise<Endpoint[]> {
  const sockets: { socket: Socket; fence: number; person: TestPerson }[] = [];
  for (const person of people) {
    const { accessToken: token, deviceId } = person.session;
    const auth = { token, protocol: PROTOCOL_VERSION, deviceId, instance: randomUUID(), appVersion: 'bench' };
    const socket = await connected(io(url, { ...options, auth }));
    const hello = (await socket.emitWithAck('hello', {})) as { ok: true; value: { fence: number } };
    sockets.push({ socket, fence: hello.value.fence, person });
  }
  const conversations: string[] = [];
  for (let index = 0; index < sockets.length; index += 2) {
    const self = must(sockets[index], 'index is below length');
    const peer = must(sockets[index + 1], 'people come in pairs');
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
    const result = await submit(self.socket, self.fence, logId, op);
    conversations.push(result.canonicalId ?? logId);
  }
  return sockets.map(({ socket, fence }, index) => {
    const logId = must(conversations[index >> 1], 'one conversation a pair');
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
        await submit(socket, fence, logId, op);
      },
      onDelivered(listener) {
        const heard = (event: Envelope): void => listener(tagOf((event.payload as { text: string }).text));
        socket.on('message:new', heard);
        socket.on('events:batch', (batch: { events: Envelope[] }) => batch.events.forEach(heard));
      },
      close: () => socket.disconnect(),
    };
  });
}

async function submit(socket: Socket, fence: number, lane: string, op: object): Promise<OpResult> {
  const answer = (await socket.emitWithAck('ops:submit', { fence, lane, ops: [op] })) as
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
