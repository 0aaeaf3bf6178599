import { describe, expect, it } from 'vitest';
import { appLink, appLinkIn, externalLink } from './links.ts';

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

const id = '0199c5a8-0000-7000-8000-000000000001';
const otherId = '0199c5a8-0000-7000-8000-000000000002';
const to = (query: Record<string, string>) => `curlew://item?${new URLSearchParams(query).toString()}`;

const asked = (address: string) => appLink(address)?.command;

describe('a link into the app', () => {
  it('names an item, and how a conversation about it would be made', () => {
    expect(asked(to({ type: 'ticket', id: 'FM-2481' }))).toEqual({
      name: 'openItem',
      type: 'ticket',
      id: 'FM-2481',
      orgId: null,
      create: null,
    });
    const url = 'https://tickets.example.org/FM-2481';
    expect(asked(to({ type: 'ticket', id: 'FM 1/2 ü', org: id, title: 'Cooling fault', url }))).toEqual({
      name: 'openItem',
      type: 'ticket',
      id: 'FM 1/2 ü',
      orgId: id,
      create: { title: 'Cooling fault', url },
    });
    expect(asked('curlew://item/?type=a&id=b')).toMatchObject({ name: 'openItem' });
    const server = 'https://Chat.example.org/invitation';
    expect(appLink(to({ type: 'a', id: 'b', server }))?.serverUrl).toBe('https://chat.example.org');
    expect(appLink(to({ type: 'a', id: 'b' }))?.serverUrl).toBeNull();
  });

  it('names a conversation, and a message in it', () => {
    const shown = { name: 'showConversation', conversationId: id, focusComposer: false };
    expect(asked(`curlew://conversation/${id}`)).toEqual(shown);
    expect(asked(`curlew://conversation/${id}/?message=${otherId}`)).toEqual({
      ...shown,
      messageId: otherId,
    });
  });

  it.each([
    ['curlew://join/SWAN-CSAA?server=https%3A%2F%2Fchat.example.org', 'https://chat.example.org'],
    ['curlew://join/SWAN-CSAA/?server=https://chat.example.org:8443/', 'https://chat.example.org:8443'],
    ['curlew://join/SWAN-CSAA?server=http%3A%2F%2F127.0.0.1%3A4000', 'http://127.0.0.1:4000'],
    ['curlew://join/SWAN-CSAA?server=https://chat.example.org/join/x?y#z', 'https://chat.example.org'],
  ])('brings the invitation of %s', (address, serverUrl) => {
    const command = { name: 'openInvitation', code: 'SWAN-CSAA', serverUrl };
    expect(appLink(address)).toEqual({ serverUrl, command });
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
    `${to({ type: 'a', id: 'b' })}&x=${'y'.repeat(5_000)}`,
    'curlew://conversation/',
    'curlew://conversation/mine',
    `curlew://conversation/${id}/${otherId}`,
    `curlew://conversation/${id}?message=last`,
    'curlew://join/SWAN-CSAA',
    'curlew://join?server=https://chat.example.org',
    'curlew://join/SWAN-CSAA?server=chat.example.org',
    'curlew://join/SWAN-CSAA?server=file:///etc/passwd',
    'curlew://join/SWAN-CSAA?server=https://bank.example@evil.example',
    'curlew://join/a/b?server=https://chat.example.org',
    'curlew://join/%2E%2E%2Fadmin?server=https://chat.example.org',
    `curlew://join/${'A'.repeat(65)}?server=https://chat.example.org`,
    'curlew://',
    'curlew:',
  ])('says of %s that it cannot be read', (address) => {
    expect(asked(address)).toEqual({ name: 'badLink' });
  });

  it.each(['curlew-app://item?type=a&id=b', 'https://item?type=a&id=b', '--curlew:', ''])(
    'is not %s',
    (address) => {
      expect(appLink(address)).toBeUndefined();
    },
  );

  it('is the last one among the arguments of a start', () => {
    const argv = [
      '/opt/curlew',
      '--user-data-dir=/tmp/x',
      to({ type: 'a', id: '1' }),
      to({ type: 'a', id: '2' }),
    ];
    expect(appLinkIn(argv)?.command).toMatchObject({ id: '2' });
    expect(appLinkIn(['/opt/curlew', '--server-url=https://example.org'])).toBeUndefined();
  });
});
