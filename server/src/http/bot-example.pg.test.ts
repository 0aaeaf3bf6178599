/** The bot of docs/examples, run as it stands against a real server: it says hello, reacts and answers. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newBot, token } from '../testing/bots.ts';
import { call } from '../testing/http-client.ts';
import { founder } from '../testing/people.ts';
import { connectAndHello } from '../testing/socket-client.ts';
import { startTestServer } from '../testing/test-server.ts';

const file = join(import.meta.dirname, '../../../docs/examples/bot.mjs');

test('the example is short enough to read, and does what it says', async () => {
  expect(readFileSync(file, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(30);
  const server = await startTestServer();
  const ada = await founder(server);
  const botId = await newBot(server.url, ada, ada.orgId);
  const { accessToken } = await token(server.url, ada, ada.orgId, botId, ['messages:read', 'messages:write']);
  const body = { opId: randomUUID(), orgId: ada.orgId, kind: 'direct', peerId: botId };
  const { id } = await call(server.url, 'createConversation', { token: ada.accessToken, body });
  const socket = await connectAndHello(server.url, ada);
  const bot = spawn(process.execPath, [file], {
    env: { ...process.env, CURLEW_URL: server.url, CURLEW_TOKEN: accessToken, CURLEW_CONVERSATION: id },
    stdio: 'inherit',
  });
  try {
    const said = (text: string) =>
      socket.next(
        'message:new',
        ({ logId, payload }) => logId === id && JSON.stringify(payload).includes(text),
      );
    await said('Hello!');
    const asked = await call(server.url, 'sendMessage', {
      token: ada.accessToken,
      params: { id },
      key: randomUUID(),
      body: { text: 'Ping, please' },
    });
    expect((await said('pong')).payload).toMatchObject({ replyTo: asked.opId });
    expect(
      await call(server.url, 'message', { token: ada.accessToken, params: { id: asked.opId } }),
    ).toMatchObject({ reactions: [{ emoji: '👀', userId: botId }] });
  } finally {
    bot.kill();
    socket.close();
    await server.stop();
  }
});
