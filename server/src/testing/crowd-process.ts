/**
 * The load of a crowd: any number of clients in a process of their own, so that what is measured beside it is the
 * server. Takes commands from the process that forked it and counts what reaches the clients.
 */
import { randomUUID } from 'node:crypto';
import { PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';
import type { CrowdAnswer, CrowdCommand } from './crowd.ts';
import { WireClient } from './wire-client.ts';

/** Clients that connect at the same time; a listen queue is no part of what is measured. */
const CONNECT_AT_ONCE = 50;

const clients: WireClient[] = [];
let frames: Record<string, number> = {};

async function connectAll({ url, people }: Extract<CrowdCommand, { do: 'connect' }>): Promise<number[]> {
  const fences: number[] = [];
  for (let from = 0; from < people.length; from += CONNECT_AT_ONCE) {
    const some = people.slice(from, from + CONNECT_AT_ONCE).map(async ({ token, deviceId }) => {
      const auth = {
        token,
        protocol: PROTOCOL_VERSION,
        deviceId,
        instance: randomUUID(),
        appVersion: 'crowd',
      };
      const client = await WireClient.connect(url, auth);
      client.listen((name) => (frames[name] = (frames[name] ?? 0) + 1));
      const hello = (await client.emit('hello', {})) as { value: { fence: number } };
      return { client, fence: hello.value.fence };
    });
    for (const { client, fence } of await Promise.all(some)) {
      clients.push(client);
      fences.push(fence);
    }
  }
  return fences;
}

async function run(command: CrowdCommand): Promise<CrowdAnswer['value']> {
  switch (command.do) {
    case 'connect':
      return connectAll(command);
    case 'ask':
      return Promise.all(command.asked.map(({ by, name, payload }) => clientOf(by).emit(name, payload)));
    case 'tell':
      for (const { by, name, payload } of command.asked) clientOf(by).tell(name, payload);
      return null;
    case 'count':
      return { frames, bytes: clients.reduce((sum, client) => sum + client.bytesRead, 0) };
    case 'reset':
      frames = {};
      return null;
  }
}

function clientOf(index: number): WireClient {
  const client = clients[index];
  if (!client) throw new Error(`there is no client ${index}`);
  return client;
}

process.on('message', ({ id, command }: { id: number; command: CrowdCommand }) => {
  run(command).then(
    (value) => process.send?.({ id, value } satisfies CrowdAnswer),
    (error: unknown) => process.send?.({ id, value: null, error: String(error) } satisfies CrowdAnswer),
  );
});
