/**
 * Preview in a browser: installs the fake bridge, then starts the real renderer. The query string sets the scene, e.g.
 * `?theme=dark&scene=offline&open=1`.
 */
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { MessageRow } from '../../ipc/message-rows.ts';
import { defaultPreferences, FakeBridge } from './fake-bridge.ts';
import { fakeId, makeWorld, me, message, worldSource, type World } from './world.ts';

const query = new URLSearchParams(window.location.search);
const world = makeWorld(Date.now());
world.preferences = {
  ...defaultPreferences,
  theme: query.get('theme') === 'dark' ? 'dark' : 'light',
  contrast: query.get('contrast') === 'high' ? 'high' : 'normal',
  density: query.get('density') === 'compact' ? 'compact' : 'comfortable',
};
setScene(world, query.get('scene'));

let nextId = 1_000_000;
const fake = new FakeBridge(
  worldSource(world),
  (name, request) => {
    if (name === 'session.probe') {
      if (query.get('scene') === 'unreachable') {
        return err({
          code: 'OFFLINE',
          message: 'No answer from this address. Check the spelling, your network or the proxy settings.',
          detail: 'ETIMEDOUT',
        });
      }
      return ok({
        serverUrl: 'https://messages.example.org',
        name: 'City Facilities',
        version: '0.1.0',
        needsSetup: query.get('scene') === 'setup',
        client: { feedUrl: null, minimum: null },
      });
    }
    if (name === 'preferences.set') world.preferences = { ...world.preferences, ...(request as object) };
    if (name === 'invite.create')
      return ok({ code: 'NCIT-4K7P', url: 'https://messages.example.org/invite/NCIT-4K7P' });
    if (name === 'conversation.openDirect') {
      const { userId } = request as { userId: string };
      return ok({
        conversationId: world.people.find((each) => each.id === userId)?.conversationId ?? fakeId(2, 1),
      });
    }
    if (name === 'message.info') {
      return ok({
        receipts: [
          {
            userId: fakeId(1, 1),
            name: 'Priya Nair',
            delivered: true,
            read: true,
            deliveredAtMs: Date.now() - 120_000,
            readAtMs: Date.now(),
          },
        ],
        counts: null,
      });
    }
    if (name === 'message.send') {
      const { conversationId, text } = request as { conversationId: string; text: string };
      const sent: MessageRow = message(nextId++, Date.now(), {
        isOwn: true,
        text,
        state: 'sent',
        senderName: me.name,
      });
      world.messages[conversationId] = [...(world.messages[conversationId] ?? []), sent];
    }
    queueMicrotask(() => fake.refresh());
    return undefined;
  },
  world.preferences,
);
window.curlew = fake;
Object.assign(window, { preview: { world, fake, message, fakeId } });

await import('../main.tsx');
const { openConversation, showSection, showSettings, openDialog, toggleDetails } =
  await import('../lib/navigation.ts');
const open = query.get('open');
if (open) openConversation(fakeId(2, Number(open)));
const section = query.get('section');
if (section === 'people' || section === 'outbox') showSection(section);
const page = query.get('settings');
if (
  page === 'account' ||
  page === 'devices' ||
  page === 'privacy' ||
  page === 'notifications' ||
  page === 'appearance' ||
  page === 'about'
)
  showSettings(page);
const dialog = query.get('dialog');
if (dialog === 'switcher' || dialog === 'newConversation' || dialog === 'signIn') openDialog(dialog);
if (query.has('details')) toggleDetails(true);

function setScene(target: World, scene: string | null): void {
  if (scene === 'none' || scene === 'unreachable' || scene === 'setup') {
    target.session = { state: 'none', lastServerUrl: scene === 'none' ? null : 'messages.example.org' };
  }
  if (scene === 'empty') {
    target.conversations = [];
    target.people = target.people.slice(-1);
  }
  if (scene === 'firstSync') {
    target.conversations = [];
    target.isFirstSync = true;
  }
  if (scene === 'offline') {
    target.isOffline = true;
    target.outbox = ['Sensor is replaced.', 'Photo follows', 'Door 4 is back to normal.'].map((text, at) => ({
      opId: fakeId(8, at),
      group: 'waiting',
      state: 'queued',
      action: 'send',
      conversationId: fakeId(2, 1),
      conversationTitle: 'Priya Nair',
      text,
      composedAtMs: Date.now() - at * 60_000,
      dropAtMs: null,
      error: null,
      can: ['edit', 'cancel'],
    }));
  }
  if (scene === 'outbox' || scene === 'notices') {
    target.outbox = [
      {
        opId: fakeId(8, 1),
        group: 'attention',
        state: 'failed',
        action: 'send',
        conversationId: fakeId(2, 3),
        conversationTitle: 'Kofi Mensah',
        text: 'Loading bay photos',
        composedAtMs: Date.now(),
        dropAtMs: null,
        error: { code: 'NOT_MEMBER', message: 'You’re no longer a member of this conversation.' },
        can: ['discard', 'edit', 'retry'],
      },
      {
        opId: fakeId(8, 2),
        group: 'attention',
        state: 'parked',
        action: 'send',
        conversationId: fakeId(2, 2),
        conversationTitle: 'Tom Becker',
        text: 'Is the lift working again?',
        composedAtMs: Date.now() - 2 * 86_400_000,
        dropAtMs: null,
        error: null,
        can: ['discard', 'sendNow'],
      },
      {
        opId: fakeId(8, 3),
        group: 'waiting',
        state: 'queued',
        action: 'send',
        conversationId: fakeId(2, 1),
        conversationTitle: 'Priya Nair',
        text: 'Could you check the badge reader at the east entrance when you’re there?',
        composedAtMs: Date.now(),
        dropAtMs: null,
        error: null,
        can: ['edit', 'cancel'],
      },
    ];
  }
  if (scene === 'notices' && target.session.state === 'active') {
    target.session = {
      ...target.session,
      needsSignIn: true,
      keyring: 'ask',
      notices: [
        { id: '1', kind: 'cacheRebuilt' },
        { id: '2', kind: 'diskFull' },
      ],
    };
  }
  if (scene === 'long') {
    const start = Date.now() - 5 * 86_400_000;
    target.messages[fakeId(2, 1)] = Array.from({ length: 1000 }, (_, at) =>
      message(at + 1, start + at * 430_000, {
        isOwn: at % 5 === 0,
        text: `Message ${at + 1} ${'with some more words to wrap the line around the bubble '.repeat((at * 7) % 6)}`,
      }),
    );
    target.unreadFrom = query.has('unread') ? { [fakeId(2, 1)]: Number(query.get('unread')) } : {};
    const row = target.conversations[0];
    if (row && query.has('unread'))
      target.conversations[0] = { ...row, unread: 1000 - Number(query.get('unread')) };
  }
}
