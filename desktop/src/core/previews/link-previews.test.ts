/** Against a real server with a certificate of its own; the ports alone say that its address stands for a public one. */
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { must, ok } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../transport/testing/certificates.ts';
import { publicInternet, type PagePorts } from './fetch-page.ts';
import { LinkPreviews } from './link-previews.ts';
import { readPreview } from './read-preview.ts';

const certificates = makeCertificates();
const asked: string[] = [];
let server: https.Server;
let port = 0;

const pages: Readonly<Record<string, (answer: import('node:http').ServerResponse) => void>> = {
  '/page': (answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(
      '<html><head><title>Plain</title><meta property="og:title" content="Door 4 &amp; friends">' +
        "<meta content='How it &#8220;opens&#8221;' name=description></head><body>…",
    );
  },
  '/moved': (answer) => void answer.writeHead(302, { location: '/page' }).end(),
  '/inward': (answer) => void answer.writeHead(302, { location: 'https://10.0.0.1/' }).end(),
  '/plain': (answer) => void answer.writeHead(302, { location: `http://localhost:${port}/page` }).end(),
  '/circle': (answer) => void answer.writeHead(302, { location: '/circle' }).end(),
  '/image': (answer) => void answer.writeHead(200, { 'content-type': 'image/png' }).end('<title>No</title>'),
  '/endless': (answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.write('<head><title>Long</title>');
    const filler = Buffer.alloc(64 * 1024, ' ');
    const more = (): void => {
      while (!answer.destroyed && answer.write(filler));
      answer.once('drain', more);
    };
    more();
  },
};

beforeAll(async () => {
  const { signed } = must(certificates, 'openssl is installed');
  server = https.createServer({ key: signed.key, cert: signed.cert }, (request, answer) => {
    asked.push(request.url ?? '');
    expect(request.headers.cookie ?? request.headers.referer).toBeUndefined();
    (pages[request.url ?? ''] ?? ((it) => void it.writeHead(404).end()))(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

const route = () => Promise.resolve(ok({ ca: [must(certificates, 'openssl is installed').authority] }));
const previews = (ports: Partial<PagePorts> = {}) =>
  new LinkPreviews(() => ({
    ...publicInternet(route),
    mayAsk: (address, at) => address === '127.0.0.1' && at === port,
    ...ports,
  }));
const at = (path: string) => `https://localhost:${port}${path}`;

describe('a preview', () => {
  it('is what the page says about itself, under the link as it was written, asked once', async () => {
    asked.length = 0;
    const links = previews({ resolve: () => Promise.resolve(['127.0.0.1']) });
    const preview = {
      url: at('/page'),
      title: 'Door 4 & friends',
      description: 'How it “opens”',
      siteName: 'localhost',
    };
    expect(await links.of(at('/page'))).toEqual(preview);
    expect(await links.of(at('/page'))).toEqual(preview);
    expect(asked).toEqual(['/page']);
    expect(await links.of(at('/moved'))).toEqual({ ...preview, url: at('/moved') });
  });

  it.each(['/inward', '/plain', '/circle', '/image', '/nowhere'])(
    'is none where the page is none or leads away: %s',
    async (path) => {
      const links = previews({ resolve: () => Promise.resolve(['127.0.0.1']) });
      expect(await links.of(at(path))).toBeNull();
    },
  );

  it('reads no more of a page than it needs', async () => {
    const links = previews({ resolve: () => Promise.resolve(['127.0.0.1']) });
    expect(await links.of(at('/endless'))).toMatchObject({ title: 'Long' });
  });

  it('never asks this computer or its network, however that is written', async () => {
    asked.length = 0;
    const links = new LinkPreviews(() => publicInternet(route));
    for (const url of [
      at('/page'),
      `https://127.0.0.1:${port}/page`,
      `https://2130706433:${port}/page`,
      `https://0x7f.1:${port}/page`,
      `https://[::1]:${port}/page`,
      `https://[::ffff:127.0.0.1]:${port}/page`,
      'https://127.0.0.1/',
      'http://example.org/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'not a link',
    ])
      expect(await links.of(url)).toBeNull();
    expect(asked).toEqual([]);
  });

  it('connects to the address that was judged: a name with one address inside is not asked at all', async () => {
    asked.length = 0;
    const names: string[] = [];
    const resolve = (host: string) => {
      names.push(host);
      return Promise.resolve(['127.0.0.1', '10.0.0.1']);
    };
    expect(await previews({ resolve }).of(at('/page'))).toBeNull();
    // Judged for a public address, and nobody is asked for the name a second time.
    const once = previews({ resolve: (host) => (names.push(host), Promise.resolve(['127.0.0.1'])) });
    const url = `https://no-such-host.invalid:${port}/page`;
    expect(await once.of(url)).toBeNull();
    expect(names).toEqual(['localhost', 'no-such-host.invalid']);
    expect(asked).toEqual([]);
  });
});

describe('reading a page', () => {
  const read = (html: string) => readPreview('https://example.org/a', html);

  it('takes the best title, and without one there is no preview', () => {
    expect(read('<TITLE>\n One  &hellip; </TITLE>')).toMatchObject({
      title: 'One …',
      description: '',
      siteName: 'example.org',
    });
    expect(read('<meta name="description" content="Only this">')).toBeNull();
    expect(read('<body><title>Too late</title>')).toBeNull();
  });

  it('fits what is too long, and survives anything', () => {
    const long = read(`<title>${'ä'.repeat(5_000)}</title>`);
    expect(new TextEncoder().encode(long?.title).length).toBeLessThanOrEqual(1_000);
    expect(long?.title.endsWith('…')).toBe(true);
    for (const html of [
      '<',
      '<meta',
      '<title',
      '<title>',
      '<<<>>>',
      '&#x110000;<title>&#0;&#xd800;x</title>',
    ]) {
      expect(() => read(html)).not.toThrow();
    }
  });

  it('is linear in what a stranger sends', () => {
    const start = performance.now();
    read(`<meta ${'a='.repeat(200_000)}>`);
    read('<meta '.repeat(80_000));
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
