/** Asks where unsent texts go, and writes them there. Owns the dialog; the layout is `unsent-file.ts`. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import type { UnsentText } from '../../ipc/unsent.ts';
import { unsentFileName, unsentFileText } from '../unsent-file.ts';

/**
 * Saves the texts where the person says. The file is on the disk when this resolves.
 * @returns whether they chose a place; DISK_FULL when it could not be written there
 */
export async function saveUnsent(unsent: readonly UnsentText[]): Promise<Result<boolean, ErrorBody>> {
  const nowMs = Date.now();
  const options = { defaultPath: path.join(app.getPath('downloads'), unsentFileName(nowMs)) };
  const window = BrowserWindow.getFocusedWindow();
  const chosen = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
  if (chosen.canceled || chosen.filePath === '') return ok(false);
  try {
    const file = await open(chosen.filePath, 'w', 0o600);
    try {
      await file.writeFile(unsentFileText(unsent, nowMs));
      await file.sync();
    } finally {
      await file.close();
    }
    return ok(true);
  } catch {
    // A full or read-only disk; nothing is signed out then, and the person can choose another place.
    return err(errorBody('DISK_FULL'));
  }
}
