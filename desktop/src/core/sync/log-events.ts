/** Which events of the socket belong to a log. Owns telling them from receipts, hints and volatile words. */
import { eventTypes, type EventType } from '@curlew/shared/domain/event.ts';
import type { ServerEvent } from '../transport/transport-types.ts';

const logEventNames: ReadonlySet<string> = new Set(eventTypes);

/** Whether this is a single event of a log. */
export function isLogEvent(event: ServerEvent): event is Extract<ServerEvent, { name: EventType }> {
  return logEventNames.has(event.name);
}
