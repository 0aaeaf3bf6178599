import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  APP_URL,
  CONTENT_SECURITY_POLICY,
  isOwnUrl,
  rendererFile,
  rendererHeaders,
} from './renderer-files.ts';

const dir = path.resolve('/opt/curlew/renderer');

describe('rendererFile', () => {
  it('names the files of the renderer', () => {
    expect(rendererFile(APP_URL, dir)).toBe(path.join(dir, 'index.html'));
    expect(rendererFile('curlew-app://app/assets/index-1.js?x#y', dir)).toBe(
      path.join(dir, 'assets/index-1.js'),
    );
    expect(rendererFile('curlew-app://app/a%20b.css', dir)).toBe(path.join(dir, 'a b.css'));
  });

  it.each([
    'curlew-app://app/../secret.json',
    'curlew-app://app/..%2fsecret.json',
    'curlew-app://app/%2e%2e/%2e%2e/etc/passwd.json',
    'curlew-app://app/..%5csecret.json',
    'curlew-app://app/a%00.html',
    'curlew-app://app/%zz.html',
    'curlew-app://app/',
    'curlew-app://app/notes.txt',
    'curlew-app://app/index.js.map',
    'curlew-app://other/index.html',
    'https://app/index.html',
    'file:///opt/curlew/renderer/index.html',
  ])('never leaves the folder or serves another kind: %s', (address) => {
    const file = rendererFile(address, dir);
    // The URL parser itself folds plain dots, so those end up inside.
    expect(file === undefined || file.startsWith(dir + path.sep)).toBe(true);
    if (!address.includes('/../') && !address.includes('%2e')) expect(file).toBeUndefined();
  });

  it('serves everything under a policy without unsafe sources', () => {
    expect(CONTENT_SECURITY_POLICY).not.toContain('unsafe');
    expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
    expect(rendererHeaders(path.join(dir, 'index.html'))).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
    });
  });
});

describe('isOwnUrl', () => {
  it.each([
    ['curlew-app://app/index.html', undefined, true],
    ['curlew-app://evil/index.html', undefined, false],
    ['https://example.org/', undefined, false],
    ['data:text/html,x', undefined, false],
    ['about:blank', undefined, false],
    ['', undefined, false],
    ['http://localhost:5173/src/main.tsx', 'http://localhost:5173', true],
    ['http://localhost:5174/', 'http://localhost:5173', false],
  ])('%s, developing at %s: %s', (address, developmentUrl, expected) => {
    expect(isOwnUrl(address, developmentUrl)).toBe(expected);
  });
});
