/**
 * The preload: exposes `window.curlew`, the bridge of the contract, and nothing else. It holds no rule; the main
 * process checks every call again. Each page belongs to one account for its whole life and says so with every call.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { ACCOUNT_PARAMETER, FIRST_SLOT } from '../ipc/account-slot.ts';
import type { Bridge, WindowCommand } from '../ipc/bridge.ts';
import { channels } from '../ipc/bridge.ts';
import type { ViewChange } from '../ipc/feed.ts';
import { readBootFacts } from '../ipc/boot-argument.ts';

function subscribe<T>(channel: string, listener: (value: T) => void): () => void {
  const relay = (_event: unknown, value: T): void => listener(value);
  ipcRenderer.on(channel, relay);
  return () => ipcRenderer.removeListener(channel, relay);
}

const account = new URLSearchParams(location.search).get(ACCOUNT_PARAMETER) ?? FIRST_SLOT;

const bridge: Bridge = {
  boot: readBootFacts(process.argv),
  invoke: (name, request) => ipcRenderer.invoke(channels.intent, account, name, request),
  openView: (name, params) => ipcRenderer.invoke(channels.openView, account, name, params),
  closeView: (viewId) => ipcRenderer.send(channels.closeView, account, viewId),
  onViewsChanged: (listener) => subscribe<readonly ViewChange[]>(channels.viewsChanged, listener),
  onCommand: (listener) => subscribe<WindowCommand>(channels.command, listener),
};

contextBridge.exposeInMainWorld('curlew', bridge);
