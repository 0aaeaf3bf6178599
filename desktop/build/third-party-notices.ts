/**
 * The notices of everything by others that the app is made of. Owns which packages those are (what the bundles took in,
 * and what is packaged as it stands), and the text that goes with the app. Electron and Chromium bring their own files.
 */
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** What a package says about itself in its manifest, as far as it matters here. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: unknown;
  /** The form of old manifests. */
  readonly licenses?: readonly { readonly type: string }[] | undefined;
  readonly author?: string | { readonly name?: string } | undefined;
  readonly homepage?: string | undefined;
  readonly dependencies?: Readonly<Record<string, string>> | undefined;
}

/** A part by others: what it is called, under which terms it is, and the words that must go with it. */
export interface Notice {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  readonly homepage: string | undefined;
  /** Texts of its licence and notice files; without any, the line that names whose it is. */
  readonly texts: readonly string[];
}

/** Terms that go with Apache-2.0 in what is distributed. Anything else fails the build until somebody looked at it. */
const COMPATIBLE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Python-2.0',
]);

const INSTALLED = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;
const LEGAL_FILE = /^(licen[cs]e|copying|notice|ofl)([-.].*)?$/i;

/** The folder of the package a bundled module came from; undefined for our own. */
export function packageOf(moduleId: string): string | undefined {
  // Bundlers mark modules they made up with a NUL, and add questions such as `?inline`.
  return INSTALLED.exec(moduleId.replace(/^\0/, '').replace(/\?.*$/, ''))?.[1];
}

/** Folders of everything a package needs at run time, itself not among them. */
export function productionPackages(folder: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (from: string): void => {
    for (const name of Object.keys(manifestOf(from).dependencies ?? {})) {
      const place = installedAt(from, name);
      // Absent: an optional part of another platform.
      if (place === undefined || found.has(place)) continue;
      found.add(place);
      visit(place);
    }
  };
  visit(folder);
  return found;
}

/**
 * Reads what a package says.
 * @throws Error when its terms are unknown or do not go with ours
 */
export function noticeOf(folder: string): Notice {
  const { name, version, author, homepage, ...manifest } = manifestOf(folder);
  const license = manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' OR ');
  if (typeof license !== 'string' || !isCompatible(license))
    throw new Error(
      `${name} ${version}: the licence ${JSON.stringify(license)} is not known to go with ours`,
    );
  const files = readdirSync(folder).filter((file) => LEGAL_FILE.test(file));
  const texts = files.toSorted().map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  const holder = typeof author === 'string' ? author : author?.name;
  const named = `Copyright ${holder ?? `the authors of ${name}`}. Licensed under ${license}.`;
  return { name, version, license, homepage, texts: texts.length > 0 ? texts : [named] };
}

/** The file that goes with the app, parts in the order of their names. */
export function noticesText(folders: Iterable<string>): string {
  const notices = [...new Set(folders)].map(noticeOf);
  const byName = new Map(notices.map((notice) => [`${notice.name} ${notice.version}`, notice]));
  const parts = [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, notice]) => part(notice));
  return [
    'Curlew contains the parts below, by others. Each is under its own terms.\n' +
      'Electron and Chromium are under those of LICENSE.electron.txt and LICENSES.chromium.html, beside the program.\n',
    ...parts,
  ].join(`\n${'='.repeat(80)}\n\n`);
}

function part({ name, version, license, homepage, texts }: Notice): string {
  const head = [`${name} ${version}`, license, ...(homepage === undefined ? [] : [homepage])].join('\n');
  return `${head}\n\n${texts.join('\n\n')}\n`;
}

/** Every alternative of `A OR B` counts, every part of `A AND B` must. */
function isCompatible(expression: string): boolean {
  const bare = expression.replaceAll(/[()]/g, '');
  return bare
    .split(' AND ')
    .every((both) => both.split(' OR ').some((license) => COMPATIBLE.has(license.trim())));
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Where Node would find a package from a folder. */
function installedAt(from: string, name: string): string | undefined {
  for (let place = from; ; place = path.dirname(place)) {
    const candidate = path.join(place, 'node_modules', name);
    if (existsSync(path.join(candidate, 'package.json'))) return realpathSync(candidate);
    if (place === path.dirname(place)) return undefined;
  }
}
