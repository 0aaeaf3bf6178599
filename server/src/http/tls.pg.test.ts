/** A server that does TLS itself: https and wss on one port, and a renewed certificate without a restart. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { io } from 'socket.io-client';
import { afterAll, expect, test, vi } from 'vitest';
import { createTlsServer } from '../infra/tls-certificate.ts';
import { makeCertificate } from '../testing/certificate.ts';
import { startTestServer } from '../testing/test-server.ts';

const dir = mkdtempSync(join(tmpdir(), 'curlew-tls-'));
const files = { certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem') };
const put = ({ cert, key }: { readonly cert: string; readonly key: string }): void => {
  writeFileSync(files.certFile, cert);
  writeFileSync(files.keyFile, key);
};
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The name on the certificate a port shows. */
const nameAt = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    }).on('error', reject);
  });
const statusOf = (url: string, ca: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { ca }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

test('https and sockets work with the certificate, and a renewed one is taken up while they go on', async () => {
  const first = makeCertificate('first');
  put(first);
  const server = await startTestServer({ tls: files });
  const port = Number(new URL(server.url).port);
  expect(server.url).toMatch(/^https:/);
  expect(await statusOf(`${server.url}/healthz`, first.cert)).toBe(200);
  const auth = {
    token: 'none',
    protocol: 1,
    deviceId: randomUUID(),
    instance: randomUUID(),
    appVersion: 'test',
  };
  const socket = io(server.url, { transports: ['websocket'], reconnection: false, auth, ca: first.cert });
  const refused = await new Promise<Error>((resolve) => socket.once('connect_error', resolve));
  expect(refused).toMatchObject({ data: { code: 'AUTH_REQUIRED' } });
  socket.close();

  const second = makeCertificate('second');
  put(second);
  expect(await server.reloadCertificate()).toBe(true);
  expect(await nameAt(port)).toBe('second');
  // One that does not fit its key changes nothing.
  put({ cert: makeCertificate('third').cert, key: second.key });
  expect(await server.reloadCertificate()).toBe(false);
  expect(await nameAt(port)).toBe('second');
  await server.stop();
});

test('a change of the files is noticed by itself; without a usable certificate there is no start', async () => {
  put(makeCertificate('first'));
  const outcomes: boolean[] = [];
  const tls = await createTlsServer(files, ({ ok }) => outcomes.push(ok));
  await new Promise<void>((resolve) => tls.server.listen(0, '127.0.0.1', resolve));
  const address = tls.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  put(makeCertificate('renewed'));
  await vi.waitFor(async () => expect(await nameAt(port)).toBe('renewed'), {
    timeout: 15_000,
    interval: 250,
  });
  expect(outcomes).toContain(true);
  tls.stop();
  await new Promise((resolve) => tls.server.close(resolve));
  writeFileSync(files.certFile, 'nothing');
  await expect(createTlsServer(files, () => undefined)).rejects.toThrow('The certificate cannot be used');
});
