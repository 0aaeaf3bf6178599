import { describe, expect, it } from 'vitest';
import { proxyFromRules } from './proxy-rules.ts';

describe('proxyFromRules', () => {
  it.each([
    ['DIRECT', undefined],
    ['', undefined],
    ['PROXY proxy.example:3128', { type: 'http', host: 'proxy.example', port: 3128 }],
    ['HTTPS proxy.example:8443; DIRECT', { type: 'https', host: 'proxy.example', port: 8443 }],
    ['SOCKS5 10.0.0.1:1080;PROXY b:1', { type: 'socks5', host: '10.0.0.1', port: 1080 }],
    ['SOCKS proxy.example', { type: 'socks5', host: 'proxy.example', port: 1080 }],
    ['PROXY [2001:db8::1]:3128', { type: 'http', host: '2001:db8::1', port: 3128 }],
    ['proxy lower.example:80', { type: 'http', host: 'lower.example', port: 80 }],
    ['SOCKS4 old:1080; PROXY new:8080', { type: 'http', host: 'new', port: 8080 }],
    ['QUIC fast:443; DIRECT; PROXY never:1', undefined],
    ['PROXY', undefined],
    ['PROXY :::; PROXY ok:1', { type: 'http', host: 'ok', port: 1 }],
  ])('reads %j', (rules, expected) => {
    expect(proxyFromRules(rules)).toEqual(expected);
  });
});
