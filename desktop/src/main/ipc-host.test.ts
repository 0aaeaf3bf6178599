import { describe, expect, it } from 'vitest';
import { channels } from '../ipc/bridge.ts';
import { intents } from '../ipc/intents.ts';
import { ownSender, setUpIpc } from './test/ipc-rig.ts';
import { validParams, validRequests } from './test/valid-payloads.ts';

const conversationId = '0199c5a8-0000-7000-8000-000000000001';

describe('IpcHost', () => {
  it.each(Object.entries(validRequests))(
    'lets a valid %s through to whoever handles it',
    async (name, request) => {
      const { host, reachedCore, reachedMain } = setUpIpc();
      const answer = await host.handle(channels.intent, ownSender, [name, request]);
      const isProbe = name === 'session.probe';
      expect(answer.ok).toBe(!isProbe);
      const handledBy = Object.entries(intents).find(([intent]) => intent === name)?.[1].handledBy;
      expect(reachedMain).toEqual(handledBy === 'main' ? [name] : []);
      const inCore = reachedCore.filter(({ type }) => type === 'intent');
      expect(inCore).toMatchObject(handledBy === 'core' ? [{ name, request, windowId: 1 }] : []);
    },
  );

  it.each(Object.entries(validParams))('opens the view %s', async (name, params) => {
    const { host } = setUpIpc();
    expect(await host.handle(channels.openView, ownSender, [name, params])).toMatchObject({
      ok: true,
      value: { viewId: expect.any(Number), version: expect.any(Number), state: { order: [] } },
    });
  });

  it.each([
    ['a frame inside the page', { ...ownSender, isTopFrame: false }],
    ['a page of another origin in our window', { ...ownSender, url: 'https://evil.example/' }],
    ['a data page', { ...ownSender, url: 'data:text/html,x' }],
    ['a look-alike host', { ...ownSender, url: 'curlew-app://app.evil/index.html' }],
    ['a window that is not ours', { ...ownSender, windowId: undefined }],
    ['a frame that is gone', { ...ownSender, url: '' }],
  ])('refuses %s', async (_who, sender) => {
    const { host, reachedCore, logged } = setUpIpc();
    const calls: [string, unknown[]][] = [
      [channels.intent, ['outbox.retryAll', {}]],
      [channels.openView, ['session', {}]],
      [channels.closeView, [1]],
    ];
    for (const [channel, args] of calls) {
      expect(await host.handle(channel, sender, args)).toMatchObject({
        ok: false,
        error: { code: 'FORBIDDEN' },
      });
    }
    expect(reachedCore.map(({ type }) => type)).toEqual(['start']);
    expect(logged).toEqual(['ipc.foreignSender', 'ipc.foreignSender', 'ipc.foreignSender']);
  });

  it.each([
    ['an unknown channel', 'curlew:shell', ['ls']],
    ['an unknown intent', channels.intent, ['shell.run', {}]],
    ['a name of the prototype', channels.intent, ['constructor', {}]],
    ['another name of the prototype', channels.intent, ['__proto__', {}]],
    ['an unknown view', channels.openView, ['secrets', {}]],
    ['no arguments', channels.intent, []],
    ['too many arguments', channels.intent, ['outbox.retryAll', {}, {}]],
    ['a view id that is none', channels.closeView, ['1']],
    ['an intent as a view', channels.openView, ['outbox.retryAll', {}]],
  ])('answers BAD_REQUEST to %s', async (_what, channel, args) => {
    const { host, reachedCore } = setUpIpc();
    expect(await host.handle(channel, ownSender, args)).toMatchObject({
      ok: false,
      error: { code: 'BAD_REQUEST' },
    });
    expect(reachedCore.map(({ type }) => type)).toEqual(['start']);
  });

  it.each([undefined, '2', 1, { account: '1' }])('refuses a page of the account %o', async (account) => {
    const { host, reachedCore, reachedMain } = setUpIpc();
    for (const call of [['outbox.retryAll', {}] as const, ['app.notices', {}] as const])
      expect(await host.handle(channels.intent, { ...ownSender, account }, call)).toMatchObject({
        ok: false,
        error: { code: 'BAD_REQUEST' },
      });
    expect(reachedCore.map(({ type }) => type)).toEqual(['start']);
    expect(reachedMain).toEqual([]);
  });

  it('answers TOO_LARGE with the limit to a message of 2 MB, and quotes nothing of it', async () => {
    const { host, reachedCore } = setUpIpc();
    const request = { conversationId, text: 'x'.repeat(2_000_000), replyTo: null };
    const answer = await host.handle(channels.intent, ownSender, ['message.send', request]);
    expect(answer).toMatchObject({ ok: false, error: { code: 'TOO_LARGE' } });
    expect(answer.ok ? '' : answer.error.message).toContain('64 KiB');
    expect(JSON.stringify(answer)).not.toContain('xxx');
    expect(reachedCore.map(({ type }) => type)).toEqual(['start']);
  });

  it('never passes on a prototype that came as data', async () => {
    const { host, reachedCore } = setUpIpc();
    const request: unknown = JSON.parse(
      `{"conversationId":"${conversationId}","__proto__":{"polluted":true}}`,
    );
    await host.handle(channels.intent, ownSender, ['conversation.markRead', request]);
    for (const message of reachedCore) expect(JSON.stringify(message)).not.toContain('polluted');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('answers INTERNAL, and never throws, when something behind it breaks', async () => {
    const { host } = setUpIpc();
    const trap = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('a payload that breaks whoever reads it');
        },
        get() {
          throw new Error('a payload that breaks whoever reads it');
        },
      },
    );
    expect(await host.handle(channels.intent, ownSender, ['outbox.retry', trap])).toMatchObject({
      ok: false,
      error: { code: 'INTERNAL' },
    });
  });

  it('closes a view and answers nothing about views of others', async () => {
    const { host, reachedCore } = setUpIpc();
    const opened = await host.handle(channels.openView, ownSender, ['session', {}]);
    const viewId: unknown = opened.ok ? Reflect.get(Object(opened.value), 'viewId') : undefined;
    expect(await host.handle(channels.closeView, { ...ownSender, windowId: 2 }, [viewId])).toEqual({
      ok: true,
      value: {},
    });
    expect(reachedCore.some(({ type }) => type === 'closeView')).toBe(false);
    await host.handle(channels.closeView, ownSender, [viewId]);
    expect(reachedCore.some(({ type }) => type === 'closeView')).toBe(true);
  });
});
