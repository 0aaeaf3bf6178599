/**
 * The report for whoever helps. Owns what stands in it: facts that are numbers, codes and versions by their kind. What could
 * say who somebody is (ids, the names of person and computer, places of files) is replaced or left out, also in the log.
 */
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { CoreFacts } from '../ipc/diagnostics.ts';
import type { NetworkMeta } from '../ipc/network.ts';
import type { AboutMeta, UpdatesMeta } from '../ipc/settings-views.ts';
import type { StoragePart } from '../ipc/storage.ts';
import type { Preferences } from '../ipc/views.ts';

/** What a report is made of. */
export interface ReportParts {
  readonly nowMs: number;
  readonly about: AboutMeta;
  readonly updates: UpdatesMeta;
  readonly preferences: Preferences;
  readonly network: NetworkMeta;
  readonly files: { readonly parts: Record<StoragePart, number>; readonly freeBytes: number | null };
  /** Null: the core did not answer. */
  readonly core: CoreFacts | null;
  readonly system: Readonly<Record<string, string | number | boolean>>;
  /** Lines of the log, oldest first. */
  readonly log: readonly string[];
  /** Words that say who this is: the folder of the person, their name on this computer, its name. */
  readonly own: Readonly<Record<'~' | '[user]' | '[computer]', string>>;
}

/** Preferences that are one of a few words; others are told where they are numbers or switches. */
const worded = [
  'theme',
  'contrast',
  'density',
  'motion',
  'sendWith',
  'language',
  'notificationLevel',
  'notificationPreview',
  'notificationSound',
] as const satisfies readonly (keyof Preferences)[];

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu;
/** As the log's own rule, once more: nobody knows what an older version let through. */
const CODE_LIKE = /^[A-Za-z0-9_.:+#/[\]~-]{0,160}$/u;
const LOG_BYTES = 100_000;

/** The report as it is shown and saved: JSON, which people and programs read. */
export function reportText(parts: ReportParts): string {
  const { about, updates, network, files, core } = parts;
  const names = new Map<string, string>();
  const { version, electron, node, chrome, sqlite, runtime, serverVersion } = about;
  const report = {
    about: 'Diagnostics of Curlew. Holds no messages, names, addresses or passwords.',
    madeAt: new Date(parts.nowMs).toISOString(),
    app: { version, electron, node, chrome, sqlite, runtime },
    system: parts.system,
    server: { version: serverVersion, isSecure: about.serverUrl?.startsWith('https:') ?? null },
    network: networkFacts(network),
    updates: {
      state: updates.state,
      checkedAtMs: updates.checkedAtMs,
      deadline: updates.deadline?.stage ?? null,
    },
    settings: settingsOf(parts.preferences),
    files: { ...files.parts, free: files.freeBytes },
    core,
    log: parts.log.flatMap((line) => cleanLine(line, parts.own, names) ?? []),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function networkFacts({ settings, password, authority }: NetworkMeta): object {
  const isManual = settings.mode === 'manual';
  return {
    mode: settings.mode,
    type: isManual ? settings.type : null,
    hasUser: isManual && settings.user !== '',
    password,
    authority: authority && { certificates: authority.certificates, validToMs: authority.validToMs },
  };
}

function settingsOf(preferences: Preferences): object {
  const plain = Object.entries(preferences).filter(
    ([, value]) => typeof value === 'boolean' || typeof value === 'number',
  );
  const words = worded.map((name) => [name, preferences[name]] as const);
  return Object.fromEntries([...words, ...plain, ['quietHours', preferences.quietHours.isOn]]);
}

/** A line of the log without what says who this is; undefined for what is no line of ours. */
function cleanLine(
  line: string,
  own: ReportParts['own'],
  names: Map<string, string>,
): Record<string, unknown> | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    // Cut off where the reading began, or by a crash.
    return undefined;
  }
  if (typeof fields !== 'object' || fields === null) return undefined;
  const clean = Object.entries(fields).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return [[name, value]];
    return typeof value === 'string' ? [[name, cleanText(value, own, names)]] : [];
  });
  return Object.fromEntries(clean);
}

function cleanText(text: string, own: ReportParts['own'], names: Map<string, string>): string {
  // The longest first: the folder of a person has their name in it.
  let clean = text;
  for (const [mark, word] of Object.entries(own).toSorted(([, a], [, b]) => b.length - a.length))
    if (word.length > 1) clean = clean.replaceAll(word, mark);
  // The same id is the same name all through the report, so that what belongs together can be seen.
  clean = clean.replaceAll(UUID, (id) => {
    const name = names.get(id.toLowerCase()) ?? `id${names.size + 1}`;
    names.set(id.toLowerCase(), name);
    return name;
  });
  return CODE_LIKE.test(clean) ? clean : '[withheld]';
}

/** The newest lines of the log. */
export async function readLogTail(folder: string): Promise<readonly string[]> {
  const parts = await Promise.all(
    ['curlew.log.1', 'curlew.log'].map((name) => readTail(path.join(folder, name))),
  );
  const text = parts.join('');
  return text
    .slice(-LOG_BYTES)
    .split('\n')
    .filter((line) => line !== '');
}

async function readTail(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const length = Math.min(size, LOG_BYTES);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    // There is none yet.
    return '';
  }
}
