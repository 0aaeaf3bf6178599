/**
 * The load: N sockets in pairs, the same for the relay and for Curlew. Closed loop (each socket keeps one message in
 * flight) for throughput, open loop (a fixed rate) for latency, so that a slow answer cannot slow the questions.
 */
import { percentile } from '../rows.ts';

/** One end of a pair, already connected. `send` resolves at the acknowledgement. */
export interface Endpoint {
  send(tag: string): Promise<void>;
  /** Called with the tag of every message that arrives here. */
  onDelivered(listener: (tag: string) => void): void;
  close(): void;
}

/** Latencies in ms. */
export interface OpenLoopResult {
  readonly sent: number;
  readonly delivered: number;
  readonly ackP50: number;
  readonly ackP99: number;
  readonly deliverP50: number;
  readonly deliverP99: number;
}

/** Keeps one message of every endpoint in flight until `messages` were acknowledged: code compiled, plans made. */
export async function warmUp(endpoints: readonly Endpoint[], messages: number): Promise<void> {
  let left = messages;
  await Promise.all(
    endpoints.map(async (endpoint, index) => {
      for (let n = 0; left > 0; n += 1) {
        left -= 1;
        await endpoint.send(`w${index}-${n}`);
      }
    }),
  );
}

/** What a slice of the closed loop did. */
export interface ClosedLoopResult {
  readonly acknowledged: number;
  readonly perSecond: number;
}

/** Counts acknowledged messages while every endpoint keeps one in flight. */
export async function closedLoop(
  endpoints: readonly Endpoint[],
  durationMs: number,
): Promise<ClosedLoopResult> {
  let acknowledged = 0;
  const end = performance.now() + durationMs;
  const started = performance.now();
  await Promise.all(
    endpoints.map(async (endpoint, index) => {
      for (let n = 0; performance.now() < end; n += 1) {
        await endpoint.send(`c${index}-${n}`);
        acknowledged += 1;
      }
    }),
  );
  return { acknowledged, perSecond: (acknowledged * 1000) / (performance.now() - started) };
}

/** Sends `ratePerSecond` messages spread over all endpoints and measures acknowledgement and delivery. */
export async function openLoop(
  endpoints: readonly Endpoint[],
  ratePerSecond: number,
  durationMs: number,
): Promise<OpenLoopResult> {
  const sentAt = new Map<string, number>();
  const acks: number[] = [];
  const deliveries: number[] = [];
  for (const endpoint of endpoints) {
    endpoint.onDelivered((tag) => {
      const at = sentAt.get(tag);
      if (at !== undefined) deliveries.push(performance.now() - at);
    });
  }
  const total = Math.floor((ratePerSecond * durationMs) / 1000);
  const started = performance.now();
  const pending: Promise<void>[] = [];
  for (let index = 0; index < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - started) * ratePerSecond) / 1000) + 1);
    for (; index < due; index += 1) {
      const endpoint = endpoints[(index * 7919) % endpoints.length];
      if (!endpoint) continue;
      const tag = `o${index}`;
      const at = performance.now();
      sentAt.set(tag, at);
      pending.push(endpoint.send(tag).then(() => void acks.push(performance.now() - at)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(pending);
  await new Promise((resolve) => setTimeout(resolve, 300));
  return {
    sent: total,
    delivered: deliveries.length,
    ackP50: percentile(acks, 0.5),
    ackP99: percentile(acks, 0.99),
    deliverP50: percentile(deliveries, 0.5),
    deliverP99: percentile(deliveries, 0.99),
  };
}
