/** Two people, two windows, one real server: typing, a message, and its ticks coming back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import { composer, expectState, message, openWith, say } from './support/gestures.ts';
import { registerPeople } from './support/people.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let ada: DesktopApp;
let ben: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  const [first, second] = await registerPeople(server, ['Ada', 'Ben']);
  if (!first || !second) throw new Error('two people were registered');
  ada = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: first });
  ben = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: second });
});

afterAll(async () => {
  await disposeApps(ada, ben);
  await server?.dispose();
});

test('typing in one window shows in the other, then the message, then its ticks', async () => {
  await openWith(ada.page, 'Ben');
  await say(ada.page, 'Ben', 'First message');
  await openWith(ben.page, 'Ada');
  await message(ben.page, 'First message').waitFor();

  // A start goes out at most every 3 s, and the first message used one.
  const typing = composer(ada.page, 'Ben').pressSequentially('Are you there, and is it quiet today?', {
    delay: 120,
  });
  await ben.page.getByText('Ada is typing…').first().waitFor({ timeout: 5_000 });
  await typing;

  await composer(ada.page, 'Ben').press('Control+a');
  await say(ada.page, 'Ben', 'Are you there?');
  await message(ben.page, 'Are you there?').waitFor();
  await ben.focus();
  await expectState(ada.page, 'Are you there?', 'Read');

  await say(ben.page, 'Ada', 'Yes, right here.');
  await message(ada.page, 'Yes, right here.').waitFor();
});

test('no window logged an error', () => {
  expect([...ada.errors, ...ben.errors]).toEqual([]);
});
