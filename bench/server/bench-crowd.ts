/** A large group with everybody connected: what a message in it costs each member and the server. */
import { registerPeople } from '../../e2e/support/people.ts';
import { startServer } from '../../e2e/support/server-process.ts';
import { measureCrowd, sum } from '../../server/src/testing/crowd.ts';
import { row, type BenchRow } from '../rows.ts';
import { cpuOf } from './cpu.ts';

/** Bytes of one message of 100 characters on its way to one member: envelope, websocket and Socket.IO heads. */
const MESSAGE_BYTES = 800;

/** Registers `members` people on a server of their own, connects them all and plays every scene of a large group. */
export async function benchCrowd(members: number): Promise<BenchRow[]> {
  const server = await startServer();
  try {
    const names = Array.from({ length: members }, (_, index) => `Person${index}`);
    const people = (await registerPeople(server, names)).map(({ userId, orgId, session }) => ({
      userId,
      orgId,
      deviceId: session.deviceId,
      token: session.accessToken,
    }));
    const size = { messages: 50, joins: 50, open: 20, typists: Math.floor(members / 5), readers: 20 };
    const costs = await measureCrowd(
      {
        url: server.url,
        orgId: people[0]?.orgId ?? '',
        people,
        serverMs: () => cpuOf(server.pid).own,
      },
      size,
    );
    const { said, typed, read, joined } = costs;
    const each = (value: number, count: number): string => (value / count).toFixed(1);
    return [
      row(
        {
          id: 'large-group',
          what:
            `bytes a message for each of ${members} members; server ${each(said.serverMs, size.messages)} ms CPU a message, ` +
            `${each((1_000 * sum(said.frames)) / said.wallMs, 1)} frames/s; a join ${each(joined.serverMs, size.joins)} ms; ` +
            `a read ${each(sum(read.frames), size.readers)} frames, ${each(read.serverMs, size.readers)} ms`,
          value: said.bytes / (size.messages * members),
          unit: 'bytes',
          limit: null,
          budget: `≤ ${MESSAGE_BYTES}`,
        },
        (bytes) => bytes <= MESSAGE_BYTES,
      ),
      row(
        {
          id: 'large-group:typing',
          what: `frames while ${size.typists} people type, with the conversation on ${size.open} screens`,
          value: sum(typed.frames),
          unit: 'frames',
          limit: null,
          budget: '≤ 5 × screens',
        },
        (frames) => frames <= 5 * size.open,
      ),
    ];
  } finally {
    await server.dispose();
  }
}
