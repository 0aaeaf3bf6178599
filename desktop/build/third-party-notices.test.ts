import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noticeOf, noticesText, packageOf, productionPackages } from './third-party-notices.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'curlew-notices-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function install(place: string, manifest: object, files: Readonly<Record<string, string>> = {}): string {
  const folder = path.join(root, place);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ version: '1.0.0', ...manifest }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

describe('which packages', () => {
  it('a bundled module came from', () => {
    expect(packageOf('/a/node_modules/b/dist/c.js')).toBe('/a/node_modules/b');
    expect(packageOf('/a/node_modules/b/node_modules/@s/c/x.css?inline')).toBe(
      '/a/node_modules/b/node_modules/@s/c',
    );
    expect(packageOf('\0/a/node_modules/b/c.js?commonjs-proxy')).toBe('/a/node_modules/b');
    expect(packageOf('/a/src/c.ts')).toBeUndefined();
  });

  it('are packaged: what is needed, by whom it is needed, each in its own place', () => {
    const app = install('app', {
      name: 'app',
      dependencies: { a: '1', gone: '1' },
      devDependencies: { d: '1' },
    });
    const a = install('node_modules/a', { name: 'a', dependencies: { b: '1' } });
    const nested = install('node_modules/a/node_modules/b', { name: 'b', dependencies: { a: '1' } });
    install('node_modules/b', { name: 'b' });
    install('node_modules/d', { name: 'd' });
    expect([...productionPackages(app)]).toEqual([a, nested]);
  });
});

describe('what goes with them', () => {
  it('the texts of their licence and notice files', () => {
    const folder = install(
      'node_modules/a',
      { name: 'a', license: 'MIT' },
      { 'LICENSE.md': 'Do what you like.', NOTICE: 'By Ada.', 'licensing.js': 'no' },
    );
    expect(noticeOf(folder).texts).toEqual(['Do what you like.', 'By Ada.']);
  });

  it('whose they are, where no file says so', () => {
    const folder = install('node_modules/a', { name: 'a', license: 'ISC', author: { name: 'Ada' } });
    expect(noticeOf(folder).texts).toEqual(['Copyright Ada. Licensed under ISC.']);
  });

  it('nothing under terms nobody looked at', () => {
    const bad = [
      { license: 'GPL-3.0' },
      { license: 'MIT AND GPL-3.0' },
      { licenses: [{ type: 'SSPL' }] },
      {},
    ];
    for (const [index, terms] of bad.entries()) {
      const folder = install(`node_modules/bad${index}`, { name: `bad${index}`, ...terms });
      expect(() => noticeOf(folder)).toThrow(/is not known to go with ours/);
    }
    for (const [index, terms] of [{ license: '(GPL-3.0 OR MIT)' }, { licenses: [{ type: 'MIT' }] }].entries())
      expect(noticeOf(install(`node_modules/good${index}`, { name: 'good', ...terms })).name).toBe('good');
  });

  it('each once, by name', () => {
    const folders = ['b', 'a', 'b'].map((name) =>
      install(`node_modules/${name}`, { name, license: 'MIT' }, { LICENSE: `of ${name}` }),
    );
    expect(noticesText(folders).match(/^of .$/gm)).toEqual(['of a', 'of b']);
  });
});
