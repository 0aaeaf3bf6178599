import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';

describe('parseCommandLine', () => {
  it.each([
    [['electron', 'desktop'], null],
    [['curlew', '--server-url=https://chat.example'], 'https://chat.example'],
    [['curlew', '--server-url', 'https://chat.example', '--x'], 'https://chat.example'],
    [['curlew', '--server-url='], null],
    [['curlew', '--server-url'], null],
    [['curlew', '--server-url', '--user-data-dir=/tmp/x'], null],
    [['curlew', '--server-urls=https://other.example'], null],
  ])('reads the server from %j', (argv, serverUrl) => {
    expect(parseCommandLine(argv)).toMatchObject({ serverUrl, isHidden: false });
  });

  it('reads whether to start without a window', () => {
    expect(parseCommandLine(['curlew', '--hidden', '--server-url=https://chat.example'])).toEqual({
      serverUrl: 'https://chat.example',
      isHidden: true,
    });
  });
});
