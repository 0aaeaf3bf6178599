import { describe, expect, it } from 'vitest';
import { externalLink, itemLink, itemLinkIn } from './links.ts';

describe('externalLink', () => {
  it.each([
    ['https://example.org/a?b=c#d', 'https://example.org/a?b=c#d'],
    ['http://example.org', 'http://example.org/'],
    ['HTTPS://EXAMPLE.org/', 'https://example.org/'],
    ['mailto:kofi@example.org', 'mailto:kofi@example.org'],
    ['  https://example.org/  ', 'https://example.org/'],
  ])('lets %s pass', (address, expected) => {
    expect(externalLink(address)).toBe(expected);
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'smb://server/share',
    'curlew-app://app/index.html',
    'vbscript:x',
    'ms-msdt:/id',
    'x-terminal-emulator:rm',
    'https://bank.example@evil.example/',
    'https://user:secret@example.org/',
    '//example.org/path',
    'example.org',
    '/etc/passwd',
    '',
    '-rf',
  ])('refuses %s', (address) => {
    expect(externalLink(address)).toBeUndefined();
  });
});

describe('itemLink', () => {
  const org = '0199c5a8-0000-7000-8000-000000000001';
  const to = (query: Record<string, string>) => `curlew://item?${new URLSearchParams(query).toString()}`;

  it('names an item, and how a conversation about it would be made', () => {
    expect(itemLink(to({ type: 'ticket', id: 'FM-2481' }))).toEqual({
      type: 'ticket',
      id: 'FM-2481',
      orgId: null,
      serverUrl: null,
      create: null,
    });
    const url = 'https://tickets.example.org/FM-2481';
    expect(itemLink(to({ type: 'ticket', id: 'FM 1/2 ü', org, title: 'Cooling fault', url }))).toEqual({
      type: 'ticket',
      id: 'FM 1/2 ü',
      orgId: org,
      serverUrl: null,
      create: { title: 'Cooling fault', url },
    });
    expect(itemLink('curlew://item/?type=a&id=b')).toBeDefined();
    const server = 'https://Chat.example.org/invitation';
    expect(itemLink(to({ type: 'a', id: 'b', server }))?.serverUrl).toBe('https://chat.example.org');
  });

  it.each([
    to({ type: 'ticket' }),
    to({ id: 'FM-1' }),
    to({ type: '', id: 'FM-1' }),
    to({ type: 'ticket', id: 'x'.repeat(201) }),
    to({ type: 'ticket', id: 'FM-1', org: 'mine' }),
    to({ type: 'ticket', id: 'FM-1', server: 'file:///etc/passwd' }),
    to({ type: 'ticket', id: 'FM-1', server: 'chat' }),
    to({ type: 'ticket', id: 'FM-1', title: 'T', url: 'javascript:alert(1)' }),
    to({ type: 'ticket', id: 'FM-1', title: 'T', url: 'file:///etc/passwd' }),
    to({ type: 'ticket', id: 'FM-1', title: '  ', url: 'https://example.org' }),
    'curlew://other?type=a&id=b',
    'curlew://item/deeper?type=a&id=b',
    'curlew-app://item?type=a&id=b',
    'https://item?type=a&id=b',
    `${to({ type: 'a', id: 'b' })}&x=${'y'.repeat(5_000)}`,
    'curlew:',
    '',
  ])('refuses %s', (address) => {
    expect(itemLink(address)).toBeUndefined();
  });

  it('is the last one among the arguments of a start', () => {
    const argv = [
      '/opt/curlew',
      '--user-data-dir=/tmp/x',
      to({ type: 'a', id: '1' }),
      to({ type: 'a', id: '2' }),
    ];
    expect(itemLinkIn(argv)?.id).toBe('2');
    expect(itemLinkIn(['/opt/curlew', '--server-url=https://example.org'])).toBeUndefined();
  });
});
