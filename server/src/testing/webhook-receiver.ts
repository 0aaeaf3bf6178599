/** A receiver of webhooks for tests: a real HTTP server on this machine that keeps what it got. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';

/** One request as it came. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: {
    readonly type: string;
    readonly webhookId: string;
    readonly event: { readonly opId: string; readonly payload: unknown };
  };
}

/** See the file's head. `answers` are what it says next, in turn, and then `answer`; -1: nothing at all. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  answer: number;
  answers: number[];
  /** Waits until this many came. */
  readonly until: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts one. @param location where it redirects to when it answers 302 */
export async function startReceiver(location = '/elsewhere'): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      received.push({ headers: request.headers, text, body: JSON.parse(text) as Received['body'] });
      const answer = receiver.answers.shift() ?? receiver.answer;
      if (answer === -1) request.socket.destroy();
      else response.writeHead(answer, answer === 302 ? { location } : {}).end('anything');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: 204,
    answers: [],
    until: async (count) => {
      await vi.waitFor(
        () => {
          if (received.length < count) throw new Error(`${received.length} of ${count} came`);
        },
        { timeout: 10_000, interval: 20 },
      );
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

/** Whether a request carries the signature of this secret. */
export function isSigned({ headers, text }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
