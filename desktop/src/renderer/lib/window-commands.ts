/**
 * What main asks of this window. Owns that the newest request is kept until the signed-in window is there to follow it:
 * the app may have been started by the very link it is to open.
 */
import type { WindowCommand } from '../../ipc/bridge.ts';
import { bridge } from './bridge.ts';

let kept: WindowCommand | null = null;
let stopKeeping: (() => void) | null = null;

/** Keeps the newest request from now on, until somebody follows them. */
export function keepCommands(): void {
  stopKeeping ??= bridge().onCommand((command) => {
    kept = command;
  });
}

/** Follows requests, the kept one first. Returns the function that ends it; what comes later is kept again. */
export function followCommands(follow: (command: WindowCommand) => void): () => void {
  stopKeeping?.();
  stopKeeping = null;
  const waiting = kept;
  kept = null;
  const stop = bridge().onCommand(follow);
  if (waiting) follow(waiting);
  return () => {
    stop();
    keepCommands();
  };
}
