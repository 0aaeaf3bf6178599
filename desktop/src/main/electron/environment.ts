/** Watches the machine for the core: network, sleep and screen lock. Unknown counts as online and unlocked. */
import { net, powerMonitor } from 'electron';
import type { EnvironmentEvent } from '../../ipc/core-port.ts';
import type { SessionBus } from '../session-bus.ts';

/** Electron tells main no event of this, so it is asked; the question is answered from memory. */
const NETWORK_POLL_MS = 2_000;

/** Reports changes from now on. */
export function watchEnvironment(bus: SessionBus, report: (event: EnvironmentEvent) => void): void {
  let isOnline = true;
  const checkNetwork = (): void => {
    if (net.isOnline() === isOnline) return;
    isOnline = !isOnline;
    report({ kind: isOnline ? 'networkUp' : 'networkDown' });
  };
  checkNetwork();
  setInterval(checkNetwork, NETWORK_POLL_MS).unref();

  powerMonitor.on('resume', () => report({ kind: 'resumed' }));

  let isLocked = false;
  const setLocked = (next: boolean): void => {
    if (next === isLocked) return;
    isLocked = next;
    report({ kind: 'lockChanged', isLocked });
  };
  // These two exist on macOS and Windows; on Linux the session bus is asked.
  powerMonitor.on('lock-screen', () => setLocked(true));
  powerMonitor.on('unlock-screen', () => setLocked(false));
  void bus.watchLock(setLocked);
}
