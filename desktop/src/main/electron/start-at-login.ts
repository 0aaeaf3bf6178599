/** Ties starting at sign-in to this installation: the program that is named to the system, and how it is told. */
import os from 'node:os';
import { app } from 'electron';
import type { Preferences } from '../../ipc/views.ts';
import { autostartFile, setAutostart } from '../autostart.ts';
import type { Log } from '../log-file.ts';

/** Has the system start the app at sign-in, or not. */
export function startAtLogin({ startAtLogin: isOn, startHidden }: Preferences, log: Log): void {
  const hidden = startHidden ? ['--hidden'] : [];
  if (process.platform !== 'linux') return app.setLoginItemSettings({ openAtLogin: isOn, args: hidden });
  // An AppImage is started by its own file, not by what it unpacks.
  const own = process.env['APPIMAGE'] ?? process.execPath;
  const command = [own, ...(app.isPackaged ? [] : [app.getAppPath()]), ...hidden];
  const file = autostartFile(os.homedir(), process.env['XDG_CONFIG_HOME']);
  setAutostart(file, isOn ? command : null).catch(() => log('error', 'autostart.unwritable'));
}
