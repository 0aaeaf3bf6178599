/** Server addresses as people type them. */
import { describe, expect, it } from 'vitest';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { normaliseServerUrl } from './server-url.ts';

describe('server addresses', () => {
  it.each([
    ['chat.example.org', 'https://chat.example.org'],
    ['  https://Chat.Example.org/path?x=1 ', 'https://chat.example.org'],
    ['chat.example.org:8443', 'https://chat.example.org:8443'],
    ['localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('%s becomes %s', (text, origin) => {
    expect(normaliseServerUrl(text)).toEqual(ok(origin));
  });

  it.each([
    'http://chat.example.org',
    'http://10.0.0.1',
    'http://127.0.0.1.example.org',
    'http://localhost.example.org',
  ])('%s is refused: plain http leaves this computer', (text) => {
    expect(normaliseServerUrl(text)).toEqual(err(errorBody('INSECURE_ADDRESS')));
  });

  it.each(['', 'ftp://chat.example.org', 'https://', 'two words'])('%j is no address', (text) => {
    expect(normaliseServerUrl(text)).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
  });
});
