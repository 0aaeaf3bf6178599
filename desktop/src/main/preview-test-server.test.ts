import { expect, it } from 'vitest';
import { previewTestServer } from './preview-test-server.ts';

it('names one host, one address and one port, or nothing', () => {
  expect(previewTestServer('localhost=127.0.0.1:8443')).toEqual({
    host: 'localhost',
    address: '127.0.0.1',
    port: 8443,
  });
  for (const text of [undefined, '', '*', '127.0.0.1:8443', 'localhost=127.0.0.1', 'a=b:1', 'localhost=:1'])
    expect(previewTestServer(text)).toBeUndefined();
});
