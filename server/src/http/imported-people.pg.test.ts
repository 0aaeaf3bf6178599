/** Somebody who came by an import: nobody signs in as them, or claims them, until whoever runs the server says so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIdentityRepository } from '../repositories/identity-repository.ts';
import { createOrgRepository } from '../repositories/org-repository.ts';
import { setPassword } from '../services/password-reset.ts';
import { importSlack } from '../services/slack/import.ts';
import { openImport } from '../services/slack/open-import.ts';
import { packExport, slackChannel, slackMessage, slackUser } from '../services/slack/testing/slack-export.ts';
import { call, refusal } from '../testing/http-client.ts';
import { founder, GOOD_PASSWORD, invite, newDevice, type Person } from '../testing/people.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'curlew-imported-'));
const email = 'u1@slack.example';
let server: TestServer;
let ada: Person & { readonly orgId: string };

beforeAll(async () => {
  server = await startTestServer();
  ada = await founder(server);
  const zipPath = path.join(folder, 'export.zip');
  packExport(
    zipPath,
    { users: [slackUser('U1', 'Ann Lee')], channels: [slackChannel('C1', 'general', ['U1'])] },
    { 'general/2024-01-01': [slackMessage('U1', 1, 'mine')] },
  );
  const done = await importSlack(openImport(server.database), {
    zipPath,
    orgId: ada.orgId,
    isDryRun: false,
    isPaused: () => false,
    onProgress: () => undefined,
  });
  expect(done).toMatchObject({ ok: true, value: { messages: { added: 1 } } });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('no invitation, password or registration opens the account; a password set on the server does', async () => {
  const inviteCode = await invite(server, ada, ada.orgId);
  const body = { email, password: GOOD_PASSWORD, name: 'Mallory', inviteCode, ...newDevice() };
  expect(await refusal(server.url, 'register', { body })).toMatchObject({ code: 'EMAIL_TAKEN' });
  for (const password of ['', 'password', GOOD_PASSWORD]) {
    const refused = await refusal(server.url, 'login', { body: { email, password, ...newDevice() } });
    expect(['WRONG_CREDENTIALS', 'BAD_REQUEST']).toContain(refused.code);
  }
  const { prisma } = server.database;
  const repositories = { identities: createIdentityRepository(prisma), orgs: createOrgRepository(prisma) };
  expect(await setPassword(repositories, email, GOOD_PASSWORD)).toMatchObject({ ok: true });
  const session = await call(server.url, 'login', {
    body: { email, password: GOOD_PASSWORD, ...newDevice() },
  });
  const { conversations } = await call(server.url, 'conversations', { token: session.accessToken });
  expect(must(conversations[0], 'the channel is theirs')).toMatchObject({ title: 'general' });
});
