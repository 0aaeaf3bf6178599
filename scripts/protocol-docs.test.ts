/** The published protocol is the one the code has. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCodes } from '@curlew/shared/protocol/errors.ts';
import { protocolDocuments } from './protocol-docs.ts';

test.each([...protocolDocuments()])('%s is up to date (node scripts/protocol-docs.ts)', (file, text) => {
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('every code of the catalogue is documented', () => {
  const errors = [...protocolDocuments()].find(([file]) => file.endsWith('errors.md'))?.[1] ?? '';
  for (const code of errorCodes) expect(errors).toContain(`| \`${code}\` |`);
});
