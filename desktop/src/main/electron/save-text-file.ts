/** Asks where a text goes, and writes it there. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';

/**
 * Saves a text where the person says; only the name of the file is offered. The file is on the disk when this resolves.
 * @returns whether they chose a place; DISK_FULL when it could not be written there
 */
export async function saveTextFile(fileName: string, text: string): Promise<Result<boolean, ErrorBody>> {
  const options = { defaultPath: path.join(app.getPath('downloads'), path.basename(fileName)) };
  const window = BrowserWindow.getFocusedWindow();
  const chosen = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
  if (chosen.canceled || chosen.filePath === '') return ok(false);
  try {
    const file = await open(chosen.filePath, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    return ok(true);
  } catch {
    // A full or read-only disk; the person can choose another place.
    return err(errorBody('DISK_FULL'));
  }
}
