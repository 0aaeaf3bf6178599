import { mkdtemp, mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dictionaryFolders, findDictionaries, languagesOfSystem } from './dictionaries.ts';
import { makeDictionary } from './make-dictionary.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'curlew-spelling-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function dictionary(folder: string, stem: string): Promise<void> {
  await mkdir(path.join(root, folder), { recursive: true });
  await writeFile(path.join(root, folder, `${stem}.aff`), 'SET UTF-8\n');
  await writeFile(path.join(root, folder, `${stem}.dic`), '1\nheron\n');
}

describe('dictionaries of this computer', () => {
  it('are looked for where the system says, the person’s own first', () => {
    const folders = dictionaryFolders({
      XDG_DATA_HOME: '/home/a/data',
      XDG_DATA_DIRS: '/opt/share:relative',
    });
    expect(folders.slice(0, 2)).toEqual(['/home/a/data/hunspell', '/home/a/data/myspell/dicts']);
    expect(folders).toContain('/opt/share/hunspell');
    expect(folders.every((folder) => path.isAbsolute(folder))).toBe(true);
    expect(dictionaryFolders({})).toContain('/usr/share/hunspell');
  });

  it('are found by language, with or without a region, and only whole', async () => {
    await dictionary('own', 'de_AT');
    await dictionary('shared', 'de_DE');
    await dictionary('shared', 'en_US');
    await dictionary('shared', 'fr');
    await writeFile(path.join(root, 'shared', 'it_IT.aff'), '');
    const found = await findDictionaries(['own', 'shared', 'missing'].map((name) => path.join(root, name)));
    expect(
      found.map(({ code, dicFile, bdicName }) => [code, path.relative(root, dicFile), bdicName]),
    ).toEqual([
      ['de', 'shared/de_DE.dic', 'de-DE-3-0.bdic'],
      ['en-US', 'shared/en_US.dic', 'en-US-10-1.bdic'],
      ['fr', 'shared/fr.dic', 'fr-FR-3-0.bdic'],
    ]);
    const [own] = await findDictionaries([path.join(root, 'own')]);
    expect(own?.dicFile).toBe(path.join(root, 'own/de_AT.dic'));
  });

  it('follow the languages of the system, in its order', () => {
    const codes = ['de', 'en-GB', 'en-US', 'fr'];
    expect(languagesOfSystem(['en-US', 'de-AT', 'ar'], codes)).toEqual(['en-US', 'de']);
    expect(languagesOfSystem(['en', 'en-AU'], codes)).toEqual(['en-GB']);
  });

  it('are made once, and again when theirs changed', async () => {
    await dictionary('shared', 'en_US');
    const [affFile, dicFile] = ['aff', 'dic'].map((end) => path.join(root, 'shared', `en_US.${end}`));
    if (!affFile || !dicFile) throw new Error('two files');
    const target = path.join(root, 'made/en-US-10-1.bdic');
    expect(await makeDictionary({ affFile, dicFile, target })).toMatchObject({ ok: true });
    const first = await stat(target);
    expect(await makeDictionary({ affFile, dicFile, target })).toMatchObject({ ok: true });
    expect((await stat(target)).ino).toBe(first.ino);
    await utimes(dicFile, 2_000_000_000, 2_000_000_000);
    expect(await makeDictionary({ affFile, dicFile, target })).toMatchObject({ ok: true });
    expect((await stat(target)).ino).not.toBe(first.ino);
    expect(await makeDictionary({ affFile, dicFile: path.join(root, 'none.dic'), target })).toMatchObject({
      error: 'unreadable',
    });
  });
});
