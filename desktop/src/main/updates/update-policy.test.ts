import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deadlineOf, feedUrlOf, isSigned } from './update-policy.ts';

const DAY_MS = 86_400_000;

describe('where the feed is', () => {
  const origin = { feedUrl: 'https://build.example/', publicKey: 'key' };

  it('is said by this computer, else by the server, else by the build', () => {
    expect(feedUrlOf('https://admin.example/', 'https://server.example/', origin)).toBe(
      'https://admin.example/',
    );
    expect(feedUrlOf(undefined, 'https://server.example/', origin)).toBe('https://server.example/');
    expect(feedUrlOf(undefined, null, origin)).toBe('https://build.example/');
  });

  it('is nowhere without a key to check it with, or where the computer says none', () => {
    expect(
      feedUrlOf(undefined, 'https://server.example/', { feedUrl: 'https://build.example/' }),
    ).toBeUndefined();
    expect(feedUrlOf('none', 'https://server.example/', origin)).toBeUndefined();
  });

  it('is encrypted, or on this computer', () => {
    const only = { publicKey: 'key' };
    for (const url of [
      'http://files.example/',
      'file:///tmp/',
      'javascript:alert(1)',
      'http://127.0.0.1.example/',
    ])
      expect(feedUrlOf(undefined, url, only)).toBeUndefined();
    expect(feedUrlOf(undefined, 'http://127.0.0.1:8000/', only)).toBe('http://127.0.0.1:8000/');
    expect(feedUrlOf(undefined, 'http://files.example/', origin)).toBe('https://build.example/');
  });
});

describe('a signature', () => {
  const keys = generateKeyPairSync('ed25519');
  const published = keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const feed = 'version: 0.2.0\n';
  const signature = sign(null, Buffer.from(feed), keys.privateKey).toString('base64');

  it('counts if the key of the build made it, over every byte', () => {
    expect(isSigned(feed, `${signature}\n`, published)).toBe(true);
    expect(isSigned(`${feed} `, signature, published)).toBe(false);
    expect(
      isSigned(
        feed,
        signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
        published,
      ),
    ).toBe(false);
  });

  it('never counts by another key, of another kind, or none', () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' });
    expect(isSigned(feed, signature, other.toString('base64'))).toBe(false);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rsaKey = rsa.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    expect(isSigned(feed, sign('sha256', Buffer.from(feed), rsa.privateKey).toString('base64'), rsaKey)).toBe(
      false,
    );
    for (const nothing of ['', 'not base64 !', '<html>']) {
      expect(isSigned(feed, nothing, published)).toBe(false);
      expect(isSigned(feed, signature, nothing)).toBe(false);
    }
  });
});

describe('the day from which this version is refused', () => {
  const minimum = { version: '0.2.0', fromMs: 100 * DAY_MS };
  const stage = (leftDays: number) => deadlineOf('0.1.0', minimum, minimum.fromMs - leftDays * DAY_MS)?.stage;

  it('is told 30, 7 and 1 days before, and when it is over', () => {
    expect([31, 30, 8, 7, 2, 1, 0.1, 0, -5].map(stage)).toEqual([
      undefined,
      'days30',
      'days30',
      'days7',
      'days7',
      'day1',
      'day1',
      'passed',
      'passed',
    ]);
  });

  it('does not concern a version that is new enough', () => {
    expect(deadlineOf('0.2.0', minimum, minimum.fromMs)).toBeNull();
    expect(deadlineOf('0.1.0', null, 0)).toBeNull();
  });
});
