/** Events of logs: which of the socket's are, of what kind of log one is, and how a chain goes on with it. */
import { hash } from 'node:crypto';
import { eventTypes, type Envelope, type EventType, type LogKind } from '@curlew/shared/domain/event.ts';
import { chainBytes } from '@curlew/shared/lib/chain.ts';
import type { ServerEvent } from '../transport/transport-types.ts';

const logEventNames: ReadonlySet<string> = new Set(eventTypes);

/** Whether this is a single event of a log. */
export function isLogEvent(event: ServerEvent): event is Extract<ServerEvent, { name: EventType }> {
  return logEventNames.has(event.name);
}

/** The chain behind an event. */
export function chainAfter(previous: string, event: Envelope): string {
  // The machine's own SHA-256: catching up hashes every event, and this is several times faster than one in JavaScript.
  return hash('sha256', chainBytes(previous, event), 'hex').slice(0, 16);
}

/** The kind of a log nobody has announced yet: its first event tells it. */
export function kindOf(first: Envelope): LogKind {
  if (first.type === 'account:updated') return 'account';
  return first.type === 'org:updated' ? 'org' : 'conversation';
}
