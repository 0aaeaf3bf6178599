/** Connects Electron's IPC to the IPC host: names the sender, and nothing more. */
import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { ipcMain } from 'electron';
import { channels } from '../../ipc/bridge.ts';
import type { IpcHost, Sender } from '../ipc-host.ts';

/** Serves the contract's channels. */
export function serveIpc(host: IpcHost, idOf: (contents: WebContents) => number | undefined): void {
  const senderOf = (event: IpcMainEvent | IpcMainInvokeEvent, account: unknown): Sender => {
    // A frame that is already gone has no address any more, and is nobody's.
    const frame = event.senderFrame;
    const url = frame?.url ?? '';
    return { windowId: idOf(event.sender), isTopFrame: frame?.parent === null, url, account };
  };
  for (const channel of [channels.intent, channels.openView]) {
    ipcMain.handle(channel, (event, account: unknown, ...args: unknown[]) =>
      host.handle(channel, senderOf(event, account), args),
    );
  }
  ipcMain.on(channels.closeView, (event, account: unknown, ...args: unknown[]) => {
    void host.handle(channels.closeView, senderOf(event, account), args);
  });
}
