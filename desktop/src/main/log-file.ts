/**
 * The app's own log: one JSON object a line, in a file that rotates. Owns the rule that it holds ids and codes only:
 * a text that does not look like one is not written, whoever passed it.
 */
import { appendFile, mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';

/** A value a log line may carry. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;
/** Writes one line; never fails and never waits. */
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields?: LogFields) => void;

/** The log and its end. */
export interface LogFile {
  readonly log: Log;
  /** Resolves when every line so far is written. */
  flush(): Promise<void>;
}

/** Largest file before it is put aside. */
const MAX_BYTES = 1_000_000;
/** Files kept beside the current one. */
const KEPT = 4;
/** Ids, codes, versions, names of errors and places in our own files: no spaces, no @, nothing a person wrote. */
const CODE_LIKE = /^[A-Za-z0-9_.:+#/-]{0,160}$/;

/** Opens the log in `folder`. Lines of one tick are written together. */
export function openLogFile(folder: string, nowMs: () => number): LogFile {
  const file = path.join(folder, 'curlew.log');
  let lines: string[] = [];
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    await mkdir(folder, { recursive: true });
    while (lines.length > 0) {
      await rotate(file);
      const batch = lines.join('');
      lines = [];
      await appendFile(file, batch, { mode: 0o600 });
    }
  }

  return {
    log(level, event, fields = {}) {
      lines.push(`${logLine(nowMs(), level, event, fields)}\n`);
      // A full disk must not take the app down with it: what cannot be written is dropped.
      writing ??= Promise.resolve()
        .then(writeAll)
        .catch(() => {
          lines = [];
        })
        .finally(() => {
          writing = undefined;
        });
    },
    async flush() {
      await writing;
    },
  };
}

/** One line of the log. */
export function logLine(timeMs: number, level: string, event: string, fields: LogFields): string {
  const safe = Object.entries(fields).map(([name, value]) => [name, safeValue(value)]);
  return JSON.stringify({ at: new Date(timeMs).toISOString(), level, event, ...Object.fromEntries(safe) });
}

function safeValue(value: LogFields[string]): LogFields[string] {
  return typeof value === 'string' && !CODE_LIKE.test(value) ? '[withheld]' : value;
}

async function rotate(file: string): Promise<void> {
  const size = await stat(file).then(
    (facts) => facts.size,
    () => 0,
  );
  if (size < MAX_BYTES) return;
  for (let age = KEPT - 1; age >= 1; age -= 1)
    await rename(`${file}.${age}`, `${file}.${age + 1}`).catch(() => {});
  await rename(file, `${file}.1`);
}
