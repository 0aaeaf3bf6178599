/**
 * The preload: exposes `window.curlew`, the bridge of the contract, and nothing else. It holds no state and no rule;
 * the main process checks every call again.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge, WindowCommand } from '../ipc/bridge.ts';
import { channels } from '../ipc/bridge.ts';
import type { ViewChange } from '../ipc/feed.ts';
import { readBootFacts } from '../ipc/boot-argument.ts';

function subscribe<T>(channel: string, listener: (value: T) => void): () => void {
  const relay = (_event: unknown, value: T): void => listener(value);
  ipcRenderer.on(channel, relay);
  return () => ipcRenderer.removeListener(channel, relay);
}

const bridge: Bridge = {
  boot: readBootFacts(process.argv),
  invoke: (name, request) => ipcRenderer.invoke(channels.intent, name, request),
  openView: (name, params) => ipcRenderer.invoke(channels.openView, name, params),
  closeView: (viewId) => ipcRenderer.send(channels.closeView, viewId),
  onViewsChanged: (listener) => subscribe<readonly ViewChange[]>(channels.viewsChanged, listener),
  onCommand: (listener) => subscribe<WindowCommand>(channels.command, listener),
};

contextBridge.exposeInMainWorld('curlew', bridge);
