/**
 * A computer without a keyring: the person is told, chooses to stay signed in for this run, and finds everything they
 * wrote again after the next start, where only the sign-in is gone.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import type { DesktopApp } from './support/app.ts';
import { launchApp, makeProfile, removeProfile } from './support/app.ts';
import { expectState, message, openWith, say } from './support/gestures.ts';
import type { TestPerson } from './support/people.ts';
import { registerPeople } from './support/people.ts';
import type { ServerProcess } from './support/server-process.ts';
import { startServer } from './support/server-process.ts';

let server: ServerProcess;
let people: TestPerson[];
let profileDir: string;
let app: DesktopApp | undefined;

beforeAll(async () => {
  server = await startServer();
  people = await registerPeople(server, ['Ada', 'Ben']);
  profileDir = await makeProfile();
});
afterAll(async () => {
  await app?.close();
  await server.dispose();
  await removeProfile(profileDir);
});

const start = () => launchApp({ profileDir, serverUrl: server.url, env: { CURLEW_KEYRING: 'none' } });

async function signIn({ page }: DesktopApp, person: TestPerson): Promise<void> {
  const email = page.getByRole('textbox', { name: 'Email' });
  if ((await email.inputValue()) === '') await email.fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

it('says so, works for this run, and keeps every word for the next', async () => {
  const ada = must(people[0], 'two people were registered');
  app = await start();
  await signIn(app, ada);
  await app.page.getByText('This computer has no keyring where Curlew could keep your sign-in.').waitFor();
  await app.page.getByRole('button', { name: 'Stay signed in for this run' }).click();
  await app.page.getByText('This computer has no keyring').waitFor({ state: 'hidden' });
  await openWith(app.page, 'Ben');
  await say(app.page, 'Ben', 'Sent without a keyring');
  await expectState(app.page, 'Sent without a keyring', 'Sent');
  await server.stop();
  await say(app.page, 'Ben', 'Written while the server was away');
  await message(app.page, 'Written while the server was away').waitFor();
  await app.close();

  server = await server.restart();
  app = await start();
  await openWith(app.page, 'Ben');
  for (const text of ['Sent without a keyring', 'Written while the server was away']) {
    await message(app.page, text).waitFor();
  }
  const session = await app.page.evaluate(() => window.curlew.openView('session', {}));
  expect(session.ok && session.value.state.meta).toMatchObject({ state: 'active', needsSignIn: true });
});
