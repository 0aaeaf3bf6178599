import { describe, expect, it } from 'vitest';
import { makeCertificates } from '../../core/transport/testing/certificates.ts';
import { isFromOwnAuthority } from './own-authority.ts';

const made = makeCertificates();

describe.skipIf(made === undefined)('an authority of one’s own (needs openssl)', () => {
  const { authority = '', signed, selfSigned, forAnotherHost } = made ?? {};
  const now = Date.now();
  const judge = (host: string, cert: string | undefined, authorities = [authority], nowMs = now): boolean =>
    isFromOwnAuthority(host, [cert ?? '', authority], authorities, nowMs);

  it('is believed for the host it names', () => {
    expect(judge('localhost', signed?.cert)).toBe(true);
    expect(judge('127.0.0.1', signed?.cert)).toBe(true);
  });

  it('is not believed for another host, nor a certificate that nobody signed', () => {
    expect(judge('localhost', forAnotherHost?.cert)).toBe(false);
    expect(judge('localhost', selfSigned?.cert)).toBe(false);
    expect(judge('localhost', 'no certificate')).toBe(false);
  });

  it('is believed only where this computer was given it, and while it is valid', () => {
    expect(judge('localhost', signed?.cert, [])).toBe(false);
    expect(judge('localhost', signed?.cert, [selfSigned?.cert ?? ''])).toBe(false);
    expect(judge('localhost', signed?.cert, [authority], now + 10 * 86_400_000)).toBe(false);
  });
});
