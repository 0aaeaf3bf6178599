/** Asks where a new folder goes, and makes it there. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';

/** Folders of one name at one place; more than anybody makes on a day. */
const TRIES = 100;

/**
 * Makes a folder of this name where the person says, with a number behind it when there is one.
 * @returns its path, null when they chose no place; DISK_FULL when it could not be made there
 */
export async function makeFolder(name: string): Promise<Result<string | null, ErrorBody>> {
  const options = {
    defaultPath: app.getPath('documents'),
    properties: ['openDirectory', 'createDirectory'] satisfies ('openDirectory' | 'createDirectory')[],
  };
  const window = BrowserWindow.getFocusedWindow();
  const chosen = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  const [parent] = chosen.filePaths;
  if (chosen.canceled || parent === undefined) return ok(null);
  for (let count = 1; count <= TRIES; count += 1) {
    const folder = path.join(parent, path.basename(count === 1 ? name : `${name} ${count}`));
    try {
      await mkdir(folder, { mode: 0o700 });
      return ok(folder);
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!isTaken) break;
    }
  }
  // A full or read-only disk; the person can choose another place.
  return err(errorBody('DISK_FULL'));
}
