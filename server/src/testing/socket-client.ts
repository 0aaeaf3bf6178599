/** A socket for tests: records every frame, answers acks as the schema says, and waits for frames by content. */
import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { errorBodySchema, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Session } from '@curlew/shared/protocol/routes-account.ts';
import type { OpResult } from '@curlew/shared/protocol/ops.ts';
import {
  ackSchema,
  clientEvents,
  serverEvents,
  type ClientEventName,
  type ServerEventName,
} from '@curlew/shared/protocol/socket.ts';
import { PROTOCOL_VERSION } from '@curlew/shared/protocol/version.ts';

/** How long a test waits for a frame that must come. */
const FRAME_TIMEOUT_MS = 8_000;

/** One frame as it came. */
export interface Frame {
  readonly name: string;
  readonly payload: unknown;
}

type AnswerOf<E extends ClientEventName> = (typeof clientEvents)[E]['answer'] extends z.ZodType
  ? z.output<(typeof clientEvents)[E]['answer']>
  : never;
type PayloadOf<E extends ServerEventName> = z.output<(typeof serverEvents)[E]>;

/** The handshake failed with this error. */
export class ConnectError extends Error {
  readonly body: ErrorBody;

  constructor(body: ErrorBody) {
    super(body.message);
    this.body = body;
  }
}

/** A connected socket. */
export class TestSocket {
  readonly raw: Socket;
  readonly frames: Frame[] = [];
  /** From the last `hello`. */
  fence = 0;
  #waiting: { readonly matches: (frame: Frame) => boolean; readonly resolve: (frame: Frame) => void }[] = [];

  constructor(raw: Socket) {
    this.raw = raw;
    raw.onAny((name: string, payload: unknown) => {
      const frame = { name, payload };
      this.frames.push(frame);
      this.#waiting = this.#waiting.filter(({ matches, resolve }) => {
        if (!matches(frame)) return true;
        resolve(frame);
        return false;
      });
    });
  }

  /** Sends anything and returns the ack as it came. */
  async rawAck(name: string, ...args: unknown[]): Promise<unknown> {
    return this.raw.timeout(FRAME_TIMEOUT_MS).emitWithAck(name, ...args);
  }

  /** Sends a request that must succeed; its answer is parsed with the promised schema. */
  async ask<E extends ClientEventName>(name: E, payload: unknown): Promise<AnswerOf<E>> {
    const ack = ackSchema(clientEvents[name].answer ?? z.null()).parse(await this.rawAck(name, payload));
    if (!ack.ok) throw new Error(`${name}: ${ack.error.code} ${ack.error.detail ?? ''}`);
    return ack.value as AnswerOf<E>;
  }

  /** Sends a request that must be refused. */
  async refusal(name: string, payload: unknown): Promise<ErrorBody> {
    return z.object({ ok: z.literal(false), error: errorBodySchema }).parse(await this.rawAck(name, payload))
      .error;
  }

  /** Says hello and keeps the fence. */
  async hello(): Promise<AnswerOf<'hello'>> {
    const answer = await this.ask('hello', {});
    this.fence = answer.fence;
    return answer;
  }

  /** Submits ops of one lane. */
  async submit(lane: string, ...ops: unknown[]): Promise<readonly OpResult[]> {
    return (await this.ask('ops:submit', { fence: this.fence, lane, ops })).results;
  }

  /** The first frame of this name (already here or to come) that fits; parsed with the promised schema. */
  async next<E extends ServerEventName>(
    name: E,
    fits: (payload: PayloadOf<E>) => boolean = () => true,
  ): Promise<PayloadOf<E>> {
    const parse = (payload: unknown): PayloadOf<E> => serverEvents[name].parse(payload) as PayloadOf<E>;
    const matches = (frame: Frame): boolean => frame.name === name && fits(parse(frame.payload));
    const known = this.frames.find(matches);
    if (known) return parse(known.payload);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const seen = this.frames.map((frame) => frame.name).join(' ');
        reject(new Error(`no ${name} within ${FRAME_TIMEOUT_MS} ms; seen: ${seen}`));
      }, FRAME_TIMEOUT_MS);
      this.#waiting.push({
        matches,
        resolve: (frame) => {
          clearTimeout(timer);
          resolve(parse(frame.payload));
        },
      });
    });
  }

  /** How many frames of a name came. */
  count(name: ServerEventName): number {
    return this.frames.filter((frame) => frame.name === name).length;
  }

  /** Resolves when the server closed the socket. */
  async closed(): Promise<void> {
    if (!this.raw.connected) return;
    await new Promise((resolve) => this.raw.once('disconnect', resolve));
  }

  close(): void {
    this.raw.close();
  }
}

/** Opens a socket. @throws ConnectError when the server refuses the handshake */
export async function connect(
  url: string,
  session: Pick<Session, 'accessToken' | 'deviceId'>,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<TestSocket> {
  const auth = {
    token: session.accessToken,
    protocol: PROTOCOL_VERSION,
    deviceId: session.deviceId,
    instance: randomUUID(),
    appVersion: 'test',
    ...overrides,
  };
  const raw = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth });
  const socket = new TestSocket(raw);
  await new Promise<void>((resolve, reject) => {
    raw.once('connect', resolve);
    raw.once('connect_error', (error: Error & { data?: unknown }) => {
      raw.close();
      const body = errorBodySchema.safeParse(error.data);
      reject(body.success ? new ConnectError(body.data) : error);
    });
  });
  return socket;
}

/** Opens a socket and says hello. */
export async function connectAndHello(
  url: string,
  session: Pick<Session, 'accessToken' | 'deviceId'>,
): Promise<TestSocket> {
  const socket = await connect(url, session);
  await socket.hello();
  return socket;
}
