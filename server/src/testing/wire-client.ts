/**
 * The load's client: the Socket.IO protocol over a bare TCP socket, as thin as it can be. Load and servers share the
 * machine, and a whole client library costs several times what the relay does, so that the figures would be its own.
 * Text frames only; answers pings; a frame it does not know is an error, never ignored.
 */
import { createHash, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** Called with each event: name and its one argument. */
export type EventListener = (name: string, payload: unknown) => void;

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** One connected client. */
export class WireClient {
  readonly #socket: Socket;
  readonly #mask = randomBytes(4);
  readonly #acks = new Map<number, (answer: unknown) => void>();
  readonly #connected: Promise<void>;
  #settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #nextAck = 0;
  #rest: Buffer = Buffer.alloc(0);
  #listener: EventListener = () => undefined;

  private constructor(socket: Socket, auth: object) {
    this.#socket = socket;
    this.#connected = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#settle?.reject(error));
    socket.on('close', () => this.#settle?.reject(new Error('the server closed the connection')));
    this.#write(`40${JSON.stringify(auth)}`);
  }

  /**
   * Connects and signs in.
   * @throws Error when the server refuses
   */
  static async connect(url: string, auth: object): Promise<WireClient> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname).setNoDelay(true);
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    const rest = await upgraded(socket, key);
    const client = new WireClient(socket, auth);
    if (rest.length > 0) client.#read(rest);
    await client.#connected;
    return client;
  }

  /** Emits an event with one argument; resolves with the first argument of its acknowledgement. */
  emit(name: string, payload: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      const id = this.#nextAck++;
      this.#acks.set(id, resolve);
      this.#write(`42${id}${JSON.stringify([name, payload])}`);
    });
  }

  /** Emits an event that has no acknowledgement. */
  tell(name: string, payload: unknown): void {
    this.#write(`42${JSON.stringify([name, payload])}`);
  }

  /** Bytes that came so far, frames' heads and the handshake among them. */
  get bytesRead(): number {
    return this.#socket.bytesRead;
  }

  /** Hears every event from now on; one listener. */
  listen(listener: EventListener): void {
    this.#listener = listener;
  }

  close(): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #write(text: string): void {
    const length = Buffer.byteLength(text);
    const head = length < 126 ? 6 : 8;
    const frame = Buffer.allocUnsafe(head + length);
    frame[0] = 0x81;
    if (head === 6) frame[1] = 0x80 | length;
    else {
      frame[1] = 0x80 | 126;
      frame.writeUInt16BE(length, 2);
    }
    this.#mask.copy(frame, head - 4);
    frame.write(text, head);
    for (let at = 0; at < length; at += 1)
      frame[head + at] = (frame[head + at] ?? 0) ^ (this.#mask[at & 3] ?? 0);
    this.#socket.write(frame);
  }

  #read(chunk: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (let frame = frameOf(data); frame; frame = frameOf(data)) {
      if (frame.opcode === 1) this.#take(data.toString('utf8', frame.start, frame.end));
      else if (frame.opcode !== 8) throw new Error(`unexpected websocket opcode ${frame.opcode}`);
      data = data.subarray(frame.end);
    }
    this.#rest = data;
  }

  #take(text: string): void {
    if (text.startsWith('42')) {
      const [name, payload] = JSON.parse(text.slice(2)) as [string, unknown];
      this.#listener(name, payload);
    } else if (text.startsWith('43')) {
      const bracket = text.indexOf('[');
      const id = Number(text.slice(2, bracket));
      const [answer] = JSON.parse(text.slice(bracket)) as [unknown];
      this.#acks.get(id)?.(answer);
      this.#acks.delete(id);
    } else if (text === '2') this.#write('3');
    else if (text.startsWith('40')) {
      this.#settle?.resolve();
      this.#settle = undefined;
    } else if (!text.startsWith('0')) {
      this.#settle?.reject(new Error(`unexpected packet ${text.slice(0, 200)}`));
      this.#socket.destroy();
    }
  }
}

/** Reads the answer to the upgrade; what came behind it belongs to the protocol. */
async function upgraded(socket: Socket, key: string): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    const answer = head.toString('latin1', 0, end);
    const accept = createHash('sha1').update(`${key}${WEBSOCKET_GUID}`).digest('base64');
    if (!answer.startsWith('HTTP/1.1 101') || !answer.includes(accept))
      throw new Error(`no websocket: ${answer.split('\r\n')[0]}`);
    return head.subarray(end + 4);
  }
}

/** The first whole frame of `data`; servers do not mask. */
function frameOf(data: Buffer): { opcode: number; start: number; end: number } | undefined {
  if (data.length < 2) return undefined;
  const short = (data[1] ?? 0) & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (data.length < start) return undefined;
  const length = short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
  const end = start + length;
  return data.length < end ? undefined : { opcode: (data[0] ?? 0) & 0x0f, start, end };
}
