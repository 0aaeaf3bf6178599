/**
 * What the core was told about windows and machine, so that a core started anew knows it too. Owns which events are
 * states (the last one counts) and which are moments (over once told).
 */
import type { EnvironmentEvent } from '../ipc/core-port.ts';
import { assertNever } from '@curlew/shared/lib/result.ts';

/** Remembers the latest state of each kind. */
export class EnvironmentMemory {
  readonly #states = new Map<string, EnvironmentEvent>();

  /** Takes note of an event. */
  remember(event: EnvironmentEvent): void {
    switch (event.kind) {
      case 'networkUp':
      case 'networkDown':
        this.#states.set('network', event);
        return;
      case 'lockChanged':
        this.#states.set('lock', event);
        return;
      case 'notificationSettings':
        this.#states.set('notifications', event);
        return;
      case 'windowFocusChanged':
        this.#states.set(`focus ${event.windowId}`, event);
        return;
      case 'windowVisibilityChanged':
        this.#states.set(`visibility ${event.windowId}`, event);
        return;
      case 'windowClosed':
        this.#states.delete(`focus ${event.windowId}`);
        this.#states.delete(`visibility ${event.windowId}`);
        return;
      // A fresh core asks for its routes anyway.
      case 'routesChanged':
      case 'resumed':
        return;
      default:
        assertNever(event, 'environment event');
    }
  }

  /** The events that bring a fresh core up to date. */
  events(): EnvironmentEvent[] {
    return [...this.#states.values()];
  }
}
