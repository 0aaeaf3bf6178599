/**
 * What people do about time: they let messages disappear, write what the server sends later, change it and take it back.
 * Owns the building of those ops from what a device holds, and the server's rounds; chance decides which.
 */
import type { ScheduledEntry } from '@curlew/shared/domain/entries.ts';
import type { Oracle } from './oracle.ts';
import { DAY_MS } from './oracle-clock.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimDevice } from './sim-device.ts';
import type { SimNetwork } from './sim-network.ts';
import { ttlOf, type Messaging } from './sim-people.ts';
import { entriesOf } from './sim-queries.ts';

/** How often the server looks for what is over or due. */
const ROUND_MS = 2_000;
/** Of so many rounds one also removes what is kept no longer. */
const TRIM_EVERY = 5;
/** The longest anything planned in a simulation is ahead: within the time in which all must converge. */
const LONGEST_MS = 20_000;
const periods = [null, 1, 10, 30, 60] as const;

/** What can happen about time. */
export type LifetimeAction = 'lifetime' | 'schedule' | 'reschedule' | 'sendDue' | 'unschedule' | 'toDraft';

/** Does one of them on a device; nothing where there is nothing to do it with. */
export function actOnTime(
  scheduler: Scheduler,
  messaging: Messaging,
  device: SimDevice,
  action: LifetimeAction,
): void {
  const process = device.running;
  if (!process) return;
  if (action === 'lifetime' || action === 'schedule') {
    const logId = messaging.conversation(device);
    if (logId === undefined) return;
    if (action === 'lifetime') {
      const messageTtlMs = scheduler.chance(0.75) ? scheduler.between(5_000, LONGEST_MS) : null;
      device.compose({ ...messaging.op(logId), kind: 'conversation.update', messageTtlMs });
      return;
    }
    const ttlMs = ttlOf(device, logId);
    put(messaging, device, messaging.newId(), {
      conversationId: logId,
      text: messaging.words('scheduled'),
      replyTo: null,
      ...(ttlMs === null ? {} : { extras: { ttlMs } }),
      sendAtMs: dueTime(scheduler, device),
    });
    return;
  }
  const known = [...entriesOf(process.stores.cacheDb, device.userId)].filter(([key]) =>
    key.startsWith('scheduled:'),
  );
  const [key, value] = scheduler.pick(known) ?? [];
  if (key === undefined || device.hasCrashed) return;
  const messageId = key.slice('scheduled:'.length);
  const { refused: _over, ...entry } = value as ScheduledEntry;
  switch (action) {
    case 'reschedule': {
      const text = scheduler.chance(0.5) ? messaging.words('rescheduled') : entry.text;
      return put(messaging, device, messageId, { ...entry, text, sendAtMs: dueTime(scheduler, device) });
    }
    case 'sendDue':
      return put(messaging, device, messageId, {
        ...entry,
        sendAtMs: Math.max(0, process.engine.serverNowMs()),
      });
    case 'toDraft':
      try {
        const id = process.stores.outbox.aliasOf(entry.conversationId);
        process.stores.outbox.saveDraft(id, { text: entry.text, replyTo: entry.replyTo });
      } catch {
        return; // Disk full: it stays scheduled.
      }
      return put(messaging, device, messageId, null);
    case 'unschedule':
      return put(messaging, device, messageId, null);
  }
}

function dueTime(scheduler: Scheduler, device: SimDevice): number {
  const nowMs = device.running?.engine.serverNowMs() ?? 0;
  return Math.max(0, nowMs + scheduler.between(-2_000, LONGEST_MS));
}

function put(messaging: Messaging, device: SimDevice, messageId: string, value: ScheduledEntry | null): void {
  device.compose({
    ...messaging.op(device.userId),
    kind: 'account.set',
    key: `scheduled:${messageId}`,
    value,
  });
}

/** Starts the server's rounds; they run while it does, and are cut off now and then. */
export function startRounds(scheduler: Scheduler, oracle: Oracle, network: SimNetwork): void {
  let rounds = 0;
  const round = (): void => {
    scheduler.after(ROUND_MS, 'round', round);
    if (!network.isServerUp) return;
    rounds += 1;
    network.tell(oracle.rounds.deleteExpired());
    network.tell(oracle.rounds.sendScheduled(() => scheduler.chance(0.2)));
    if (rounds % TRIM_EVERY === 0) oracle.rounds.trim();
  };
  scheduler.after(ROUND_MS, 'round', round);
}

/** Those who run the organisation change how long it keeps messages. */
export function changeRetention(scheduler: Scheduler, oracle: Oracle, network: SimNetwork): void {
  network.tell(oracle.rounds.setRetention(scheduler.pick(periods) ?? null));
}

/** How long everybody's computers sleep. */
export function nightOf(scheduler: Scheduler): number {
  return Math.floor(scheduler.unit() * (scheduler.chance(0.5) ? DAY_MS : 20 * DAY_MS));
}
