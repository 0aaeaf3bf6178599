/** Fan-out without a server behind it: commits of one flush, told to different people differently, over real sockets. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io as connectTo, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { FanOut } from '../services/service-types.ts';
import { AudienceRooms } from './audience-rooms.ts';
import { createFanOut } from './fan-out.ts';
import { userRoom, type GatewayServer } from './session.ts';

const http = createServer();
const io: GatewayServer = new Server(http, { transports: ['websocket'] });
const frames = new Map<string, [string, unknown][]>();
const clients: Socket[] = [];
const noCounts = { moved: () => undefined };

/** Connects a person and remembers what reaches them; answers the id of their socket. */
async function join(userId: string): Promise<string> {
  const { port } = http.address() as AddressInfo;
  const client = connectTo(`http://localhost:${port}`, { transports: ['websocket'], auth: { userId } });
  clients.push(client);
  const mine: [string, unknown][] = [];
  frames.set(userId, mine);
  client.onAny((name: string, payload: unknown) => mine.push([name, payload]));
  await new Promise((resolve) => client.once('ready', resolve));
  mine.length = 0;
  return client.id ?? '';
}

beforeAll(async () => {
  io.on('connection', (socket) => {
    const userId = String(socket.handshake.auth['userId']);
    const caller = { userId, deviceId: userId, sessionId: userId, expiresAtMs: 0 };
    socket.data.session = {
      caller,
      instance: userId,
      fence: 1,
      opened: new Set(),
      watchVersion: 0,
      watching: new Map(),
    };
    void socket.join(userRoom(userId));
    socket.emit('ready');
  });
  await new Promise<void>((resolve) => http.listen(0, 'localhost', resolve));
});
afterAll(async () => {
  for (const client of clients) client.close();
  await io.close();
});

function plan(memberIds: string[], seq: number, actorId: string, text: string | null): FanOut {
  const event: Envelope = {
    logId: 'log',
    seq,
    chain: '',
    type: 'message:edited',
    actorId,
    opId: `op ${seq}`,
    opHash: '',
    at: 0,
    payload: text === null ? null : { text },
    memberVersion: 3,
  };
  const nobody = { receipts: [], added: [], removed: [] };
  return { logId: 'log', kind: 'conversation', memberVersion: 3, memberIds, events: [event], ...nobody };
}

/** Everything sent so far has arrived. */
async function settled(userId: string): Promise<readonly [string, unknown][]> {
  await new Promise((resolve) => setImmediate(resolve));
  const client = clients[[...frames.keys()].indexOf(userId)];
  const done = new Promise((resolve) => client?.once('done', resolve));
  io.to(userRoom(userId)).emit('done');
  await done;
  return (frames.get(userId) ?? []).filter(([name]) => name !== 'done');
}

test('a sender who came back hears in one flush what is cut for them, and nothing of what the others hear', async () => {
  const [ada, bob] = [await join('ada'), await join('bob')];
  const send = createFanOut(io, new AudienceRooms(io), noCounts, () => undefined);
  // Ada was always there, Bob was away: what she edits he may not read. Both write at once.
  send([plan(['ada'], 7, 'ada', 'of the absence'), plan(['bob'], 7, 'ada', null)], ada);
  send([plan(['ada'], 8, 'bob', 'his'), plan(['bob'], 8, 'bob', 'his')], bob);
  expect(await settled('ada')).toEqual([['message:edited', expect.objectContaining({ seq: 8 })]]);
  const heard = await settled('bob');
  expect(heard).toEqual([['message:edited', expect.objectContaining({ seq: 7, payload: null })]]);
});

test('a plan for nobody reaches nobody', async () => {
  await join('carol');
  createFanOut(
    io,
    new AudienceRooms(io),
    noCounts,
    () => undefined,
  )([{ ...plan([], 1, 'ada', 'to nobody'), removed: [] }]);
  expect(await settled('carol')).toEqual([]);
});
