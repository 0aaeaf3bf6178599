/**
 * The limit for the server's figures: a bare Socket.IO relay with the same frames and settings that stores nothing and
 * checks nothing. A child process of its own, like the server it is compared with. Prints its port as JSON.
 */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });

io.on('connection', (socket) => {
  const { user, peer } = socket.handshake.auth as { user: string; peer: string };
  void socket.join(`user:${user}`);
  socket.on('message', (message: unknown, acknowledge: (answer: unknown) => void) => {
    acknowledge({ ok: true });
    io.to(`user:${peer}`).emit('message:new', message);
  });
});

http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  console.log(JSON.stringify({ event: 'listening', url: `http://127.0.0.1:${port}` }));
});
process.on('SIGTERM', () => process.exit(0));
