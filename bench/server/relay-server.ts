/**
 * The limit for the server's figures: a bare Socket.IO relay that stores nothing and checks nothing. It reads the same
 * frames, answers and passes on the same frames as the server, with the same settings, so that what it costs is what
 * the traffic costs. A child process of its own, like the server it is compared with. Prints its port as JSON.
 */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

interface Submit {
  readonly lane: string;
  readonly ops: readonly { opId: string; text: string; replyTo: null; composedAt: number }[];
}

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
// As long as the real ones.
const chain = '0123456789abcdef';
const opHash = chain.repeat(4);

io.on('connection', (socket) => {
  const { user, peer } = socket.handshake.auth as { user: string; peer: string };
  let seq = 0;
  void socket.join(`user:${user}`);
  socket.on('ops:submit', ({ lane: logId, ops }: Submit, acknowledge: (answer: unknown) => void) => {
    const at = Date.now();
    for (const { opId, text, replyTo, composedAt } of ops) {
      seq += 1;
      acknowledge({ ok: true, value: { results: [{ opId, ok: true, duplicate: false, seq, at, chain }] } });
      io.to(`user:${peer}`).emit('message:new', {
        logId,
        seq,
        chain,
        type: 'message:new',
        actorId: logId,
        opId,
        opHash,
        at,
        payload: { messageId: opId, text, replyTo, composedAt },
        memberVersion: 1,
      });
    }
  });
});

http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  console.log(JSON.stringify({ event: 'listening', url: `http://127.0.0.1:${port}` }));
});
process.on('SIGTERM', () => process.exit(0));
