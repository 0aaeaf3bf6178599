/** Invitations by e-mail, over a real SMTP server: what arrives lets somebody in; what fails leaves nothing behind. */
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, request } from '../testing/http-client.ts';
import { founder, GOOD_PASSWORD, newDevice, type Person } from '../testing/people.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
}

const mails: Received[] = [];
let smtp: SMTPServer;
let server: TestServer;
let ada: Person & { readonly orgId: string };

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, callback) => {
      const isUnknown = address.startsWith('nobody@');
      callback(isUnknown ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null);
    },
    onData: (stream, { envelope }, callback) => {
      const from = envelope.mailFrom ? envelope.mailFrom.address : '';
      const to = envelope.rcptTo.map(({ address }) => address);
      const keep = async (): Promise<void> => {
        mails.push({ from, to, source: await text(stream) });
        callback();
      };
      void keep();
    },
  });
  await new Promise<void>((listening) => smtp.listen(0, '127.0.0.1', () => listening()));
  const { port } = smtp.server.address() as AddressInfo;
  const mail = { url: `smtp://127.0.0.1:${port}`, from: 'Curlew <curlew@example.org>' };
  server = await startTestServer({ mail, publicUrl: 'https://chat.example.org' });
  ada = await founder(server);
});
afterAll(async () => {
  await server.stop();
  await new Promise<void>((closed) => smtp.close(() => closed()));
});

const ask = (by: Person & { readonly orgId: string }, email: string) =>
  request(server.url, 'createInvite', {
    token: by.accessToken,
    params: { id: by.orgId },
    body: { email, maxUses: 1, expiresInMs: 3_600_000 },
  });
const open = async () =>
  (await call(server.url, 'invites', { token: ada.accessToken, params: { id: ada.orgId } })).invites;
const codeOf = ({ body }: { readonly body: unknown }) => (body as { error?: { code?: string } }).error?.code;

test('what arrives names who invites and where, and its code lets one person in', async () => {
  expect((await ask(ada, 'grace@example.org')).status).toBe(200);
  const mail = must(mails.at(-1), 'the mail arrived');
  expect(mail).toMatchObject({ from: 'curlew@example.org', to: ['grace@example.org'] });
  expect(mail.source).toContain('Subject: Invitation to Engines');
  expect(mail.source).toContain('Ada invites you to Engines on Curlew.');
  const inviteCode = must(
    /https:\/\/chat\.example\.org\/join\/([0-9A-Z-]+)/.exec(mail.source)?.[1],
    'the link is in it',
  );
  expect(await open()).toMatchObject([{ email: 'grace@example.org', maxUses: 1, uses: 0 }]);
  const register = (email: string) =>
    request(server.url, 'register', {
      body: { email, password: GOOD_PASSWORD, name: 'Grace', inviteCode, ...newDevice() },
    });
  expect((await register('grace@example.org')).status).toBe(200);
  expect(codeOf(await register('second@example.org'))).toBe('INVITE_INVALID');
});

test('sent to one address it lets one person in, unless more are asked for', async () => {
  const send = (more: object) =>
    call(server.url, 'createInvite', {
      token: ada.accessToken,
      params: { id: ada.orgId },
      body: { email: 'turing@example.org', ...more },
    });
  expect(await send({})).toMatchObject({ maxUses: 1 });
  expect(await send({ maxUses: 5 })).toMatchObject({ maxUses: 5 });
  expect(await send({ maxUses: null })).toMatchObject({ maxUses: null });
});

test('a mailbox that is refused is said, and no invitation stays open', async () => {
  const before = await open();
  expect(codeOf(await ask(ada, 'nobody@example.org'))).toBe('MAIL_FAILED');
  expect(await open()).toEqual(before);
});

test('a mail server that is away is said too', async () => {
  const away = await startTestServer({ mail: { url: 'smtp://127.0.0.1:1', from: 'curlew@example.org' } });
  const owner = await founder(away);
  const answer = await request(away.url, 'createInvite', {
    token: owner.accessToken,
    params: { id: owner.orgId },
    body: { email: 'grace@example.org' },
  });
  expect(codeOf(answer)).toBe('MAIL_FAILED');
  await away.stop();
});

test('a server without one says so, and makes invitations without an address all the same', async () => {
  const silent = await startTestServer();
  const owner = await founder(silent);
  const at = { token: owner.accessToken, params: { id: owner.orgId } };
  const mailed = await request(silent.url, 'createInvite', { ...at, body: { email: 'grace@example.org' } });
  expect(codeOf(mailed)).toBe('MAIL_UNAVAILABLE');
  expect((await request(silent.url, 'createInvite', { ...at, body: {} })).status).toBe(200);
  await silent.stop();
});

test('a name with line breaks writes no lines of its own', async () => {
  const me = { token: ada.accessToken, body: { name: 'Ada\nBcc: everybody@example.org' } };
  expect((await request(server.url, 'updateMe', me)).status).toBe(200);
  expect((await ask(ada, 'hopper@example.org')).status).toBe(200);
  const mail = must(mails.at(-1), 'the mail arrived');
  expect(mail.to).toEqual(['hopper@example.org']);
  expect(mail.source).not.toMatch(/^Bcc:/m);
});
