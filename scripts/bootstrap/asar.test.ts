import { expect, test } from 'vitest';
import { buildAsar } from './asar.mjs';

test('an archive says where each file lies, and they lie there', () => {
  const archive = buildAsar({ 'package.json': Buffer.from('{"a":1}'), 'main.cjs': Buffer.from('run();') });

  // Chromium's Pickle: four sizes, then the JSON, padded to four bytes.
  expect(archive.readUInt32LE(0)).toBe(4);
  const headerBytes = archive.readUInt32LE(4);
  expect(headerBytes % 4).toBe(0);
  const json = archive.toString('utf8', 16, 16 + archive.readUInt32LE(12));
  const { files } = JSON.parse(json) as { files: Record<string, { size: number; offset: string }> };
  const content = archive.subarray(8 + headerBytes);
  const read = (name: string): string => {
    const { size = 0, offset = '0' } = files[name] ?? {};
    return content.toString('utf8', Number(offset), Number(offset) + size);
  };
  expect(read('package.json')).toBe('{"a":1}');
  expect(read('main.cjs')).toBe('run();');
  expect(content.length).toBe(13);
});
