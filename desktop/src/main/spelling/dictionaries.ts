/**
 * The Hunspell dictionaries that lie on this computer, by the language Chromium knows each under. Linux has them as
 * packages of the system and of office programs; nothing is ever fetched for it.
 */
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A dictionary on this computer. */
export interface Dictionary {
  /** What Chromium calls the language. */
  readonly code: string;
  readonly affFile: string;
  readonly dicFile: string;
  /** The name under which Chromium looks for its own form of it. */
  readonly bdicName: string;
}

/**
 * Languages Chromium checks, each with what its file is called. The version in a name stands in Chromium's source and
 * may change with it: then its checker finds no file, which the e2e test of a misspelled word notices.
 */
const known: readonly (readonly [code: string, region: string, version?: string])[] = [
  ['af', 'af-ZA'],
  ['bg', 'bg-BG'],
  ['ca', 'ca-ES'],
  ['cs', 'cs-CZ'],
  ['cy', 'cy-GB', '1-0'],
  ['da', 'da-DK'],
  ['de', 'de-DE'],
  ['el', 'el-GR'],
  ['en-AU', 'en-AU', '10-1'],
  ['en-CA', 'en-CA', '10-1'],
  ['en-GB', 'en-GB', '10-1'],
  ['en-US', 'en-US', '10-1'],
  ['es', 'es-ES'],
  ['et', 'et-EE'],
  ['fa', 'fa-IR', '9-0'],
  ['fo', 'fo-FO'],
  ['fr', 'fr-FR'],
  ['he', 'he-IL'],
  ['hi', 'hi-IN'],
  ['hr', 'hr-HR'],
  ['hu', 'hu-HU'],
  ['hy', 'hy', '1-0'],
  ['id', 'id-ID'],
  ['it', 'it-IT'],
  ['ko', 'ko'],
  ['lt', 'lt-LT'],
  ['lv', 'lv-LV'],
  ['nb', 'nb-NO'],
  ['nl', 'nl-NL'],
  ['pl', 'pl-PL'],
  ['pt-BR', 'pt-BR'],
  ['pt-PT', 'pt-PT'],
  ['ro', 'ro-RO'],
  ['ru', 'ru-RU'],
  ['sh', 'sh', '4-0'],
  ['sk', 'sk-SK'],
  ['sl', 'sl-SI'],
  ['sq', 'sq'],
  ['sr', 'sr', '4-0'],
  ['sv', 'sv-SE'],
  ['ta', 'ta-IN'],
  ['tg', 'tg-TG', '5-0'],
  ['tr', 'tr-TR', '4-0'],
  ['uk', 'uk-UA', '5-0'],
  ['vi', 'vi-VN'],
];

/** Where dictionaries lie, the person's own first. */
export function dictionaryFolders(env: Readonly<Record<string, string | undefined>>): string[] {
  const own = env['XDG_DATA_HOME'] ?? path.join(os.homedir(), '.local/share');
  const shared = env['XDG_DATA_DIRS'] ?? '';
  const roots = [own, ...(shared === '' ? '/usr/local/share:/usr/share' : shared).split(':')];
  const folders = roots
    .filter((root) => path.isAbsolute(root))
    .flatMap((root) => [
      path.join(root, 'hunspell'),
      path.join(root, 'myspell/dicts'),
      path.join(root, 'myspell'),
    ]);
  return [...new Set(folders)];
}

/** The dictionaries in these folders, one for each language; folders that are not there hold none. */
export async function findDictionaries(folders: readonly string[]): Promise<Dictionary[]> {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      const stem = name.slice(0, -4).replaceAll('-', '_');
      const key = `${stem}${path.extname(name)}`;
      if (!files.has(key)) files.set(key, path.join(folder, name));
    }
  }
  return known.flatMap(([code, region, version = '3-0']) => {
    const stem = stemsOf(code, region, files).find(
      (one) => files.has(`${one}.aff`) && files.has(`${one}.dic`),
    );
    const affFile = files.get(`${stem}.aff`);
    const dicFile = files.get(`${stem}.dic`);
    return affFile && dicFile ? [{ code, affFile, dicFile, bdicName: `${region}-${version}.bdic` }] : [];
  });
}

/** Names a language's dictionary may have, best first: with its region, without, or of another region. */
function stemsOf(code: string, region: string, files: ReadonlyMap<string, string>): string[] {
  const exact = region.replaceAll('-', '_');
  // English of another country is another language here.
  if (code.includes('-')) return [exact];
  const others = [...files.keys()]
    .filter((name) => name.startsWith(`${code}_`))
    .map((name) => name.slice(0, -4));
  return [exact, code, ...others.toSorted()];
}

/** Which of these languages the person's system speaks, in its order. */
export function languagesOfSystem(preferred: readonly string[], codes: readonly string[]): string[] {
  const found = preferred.flatMap((tag) => {
    const [base = ''] = tag.split('-');
    const hit =
      codes.find((code) => code.toLowerCase() === tag.toLowerCase()) ??
      codes.find((code) => code === base) ??
      codes.find((code) => code.startsWith(`${base}-`));
    return hit === undefined ? [] : [hit];
  });
  return [...new Set(found)];
}
