import { describe, expect, it } from 'vitest';
import { externalLink } from './links.ts';

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
