/** Asks where unsent texts go, and writes them there. The layout is `unsent-file.ts`. */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { UnsentText } from '../../ipc/unsent.ts';
import { unsentFileName, unsentFileText } from '../unsent-file.ts';
import { saveTextFile } from './save-text-file.ts';

/**
 * Saves the texts where the person says. The file is on the disk when this resolves.
 * @returns whether they chose a place; DISK_FULL when it could not be written there: nothing is signed out then
 */
export async function saveUnsent(unsent: readonly UnsentText[]): Promise<Result<boolean, ErrorBody>> {
  const nowMs = Date.now();
  return saveTextFile(unsentFileName(nowMs), unsentFileText(unsent, nowMs));
}
