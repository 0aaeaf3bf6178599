/**
 * Errors of the local files. Owns the one exception the stores throw for outcomes a person must hear of, and the
 * reading of SQLite's codes. The intent boundary turns it into an error body.
 */
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';

/** A write or read of a local file that could not be done. Nothing of the call was stored. */
export class StoreError extends Error {
  readonly code: Extract<ErrorCode, 'DISK_FULL' | 'TOO_LARGE' | 'LOCAL_DATA_DAMAGED' | 'BUSY' | 'FORBIDDEN'>;

  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** The SQLite result code of an error (`SQLITE_FULL`, …), or undefined when it is none of SQLite's. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code.startsWith('SQLITE_') ? error.code : undefined;
}

/** Codes of SQLite and of the file system for a disk (or an allowed size) that is exhausted. */
const DISK_FULL_CODES = new Set([
  'SQLITE_FULL',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_SHMSIZE',
  'ENOSPC',
  'EDQUOT',
]);

/** Whether the disk (or the file's allowed size) is exhausted. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && DISK_FULL_CODES.has(String(error.code));
}

/** Whether the file itself is unusable: not a database, or inconsistent. */
export function isDamaged(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB');
}
