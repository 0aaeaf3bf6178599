#!/usr/bin/env node
// Stands in for fpm where electron-builder cannot download it: takes the arguments electron-builder gives fpm and builds
// the same .deb with Debian's own dpkg-deb. Every argument is understood or the build fails; rpm is not built here.

import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const FLAGS = new Set(['--force']);

/**
 * @param {string[]} args
 * @returns {{options: Map<string, string[]>, inputs: [string, string][]}}
 */
function parse(args) {
  /** @type {Map<string, string[]>} */
  const options = new Map();
  /** @type {[string, string][]} */
  const inputs = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (FLAGS.has(argument)) continue;
    if (argument.startsWith('-')) {
      const value = args[(index += 1)];
      if (value === undefined) throw new Error(`${argument} has no value`);
      options.set(argument, [...(options.get(argument) ?? []), value]);
      continue;
    }
    const [from, to] = argument.split('=');
    if (from === undefined || to === undefined) throw new Error(`not "from=to": ${argument}`);
    inputs.push([from, to]);
  }
  return { options, inputs };
}

/**
 * @param {[string, string][]} inputs
 * @param {string} root
 */
function place(inputs, root) {
  for (const [from, to] of inputs) {
    const target = path.join(root, to);
    // As fpm does: a folder's content goes into the target, a file becomes it.
    mkdirSync(statSync(from).isDirectory() ? target : path.dirname(target), { recursive: true });
    cpSync(from, target, { recursive: true, verbatimSymlinks: true });
    if (!statSync(from).isDirectory()) chmodSync(target, 0o644);
  }
}

/**
 * @param {Map<string, string[]>} options what is read is taken out
 * @param {string} root
 * @returns {string} the control file
 */
function control(options, root) {
  const all = (/** @type {string} */ name) => {
    const values = options.get(name) ?? [];
    options.delete(name);
    return values;
  };
  const one = (/** @type {string} */ name) => {
    const value = all(name)[0];
    if (value === undefined) throw new Error(`${name} is missing`);
    return value;
  };
  const [summary = '', ...details] = one('--description')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const size = execFileSync('du', ['-sk', root], { encoding: 'utf8' }).split('\t')[0] ?? '0';
  const fields = {
    Package: one('--name'),
    Version: one('--version'),
    License: one('--license'),
    Vendor: one('--vendor'),
    Architecture: one('--architecture'),
    Maintainer: one('--maintainer'),
    'Installed-Size': size,
    Depends: all('-d').join(', '),
    Recommends: all('--deb-recommends').join(', '),
    Section: one('--category'),
    Priority: one('--deb-priority'),
    Homepage: one('--url'),
    Description: [summary, ...details.map((line) => ` ${line}`)].join('\n'),
  };
  return Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

const { options, inputs } = parse(process.argv.slice(2));
const take = (/** @type {string} */ name) => {
  const value = options.get(name)?.at(-1);
  if (value === undefined) throw new Error(`${name} is missing`);
  options.delete(name);
  return value;
};
if (take('-s') !== 'dir' || take('-t') !== 'deb') throw new Error('only "-s dir -t deb" can be built here');
const root = mkdtempSync(path.join(os.tmpdir(), 'curlew-deb-'));
try {
  chmodSync(root, 0o755);
  place(inputs, root);
  const meta = path.join(root, 'DEBIAN');
  mkdirSync(meta);
  for (const [option, name] of [
    ['--after-install', 'postinst'],
    ['--after-remove', 'postrm'],
  ]) {
    cpSync(take(option ?? ''), path.join(meta, name ?? ''));
    chmodSync(path.join(meta, name ?? ''), 0o755);
  }
  const file = take('--package');
  if (take('--deb-compression') !== 'zst') throw new Error('only --deb-compression zst is built here');
  writeFileSync(path.join(meta, 'control'), control(options, root));
  if (options.size > 0) throw new Error(`not understood: ${[...options.keys()].join(' ')}`);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z1', '--build', root, file], {
    stdio: ['ignore', 2, 2],
  });
} finally {
  rmSync(root, { recursive: true, force: true });
}
