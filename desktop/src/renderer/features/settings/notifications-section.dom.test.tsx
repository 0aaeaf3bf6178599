import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ok } from '@curlew/shared/lib/result.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, type World } from '../../preview/world.ts';
import { WhyNotified } from '../details/why-notified.tsx';
import { NotifySetting } from '../details/notify-setting.tsx';
import { NotificationsSection } from './notifications-section.tsx';

let fake: FakeBridge;
let world: World;

beforeEach(() => ({ fake, world } = installWorld()));
afterEach(cleanup);

it('says each choice once, and only what was changed', async () => {
  renderUi(<NotificationsSection />);
  await userEvent.click(await screen.findByRole('radio', { name: 'Direct and mentions' }));
  await userEvent.selectOptions(screen.getByRole('combobox', { name: /^Show in/ }), 'Name only');
  await userEvent.selectOptions(screen.getByRole('combobox', { name: /^Sound/ }), 'None');
  await userEvent.click(screen.getByRole('switch', { name: /^Badge/ }));
  await userEvent.click(screen.getByRole('switch', { name: /^Keep running/ }));
  expect(fake.requests('preferences.set')).toEqual([
    { notificationLevel: 'direct' },
    { notificationPreview: 'name' },
    { notificationSound: 'none' },
    { badge: false },
    { closeToTray: false },
  ]);
});

it('writes a schedule as a whole, day by day', async () => {
  const quietHours = { ...world.preferences.quietHours, isOn: true };
  world.preferences = { ...world.preferences, quietHours };
  renderUi(<NotificationsSection />);
  await userEvent.selectOptions(await screen.findByRole('combobox', { name: /^Wednesday/ }), 'Not quiet');
  await userEvent.selectOptions(screen.getByRole('combobox', { name: /^Time zone/ }), 'Europe/Berlin');
  expect(fake.requests('preferences.set')).toEqual([
    { quietHours: { ...quietHours, week: ['hours', 'hours', 'none', 'hours', 'hours', 'day', 'day'] } },
    { quietHours: { ...quietHours, timeZone: 'Europe/Berlin' } },
  ]);
});

it('lists conversations with their own setting, and resets one', async () => {
  const id = fakeId(2, 3);
  world.notificationRules = [
    { id, title: 'Lunch', kind: 'group', level: 'mentions', isMuted: true, mutedUntilMs: null },
  ];
  renderUi(<NotificationsSection />);
  const group = (await screen.findByRole('heading', { name: /own setting/ })).parentElement as HTMLElement;
  expect(within(group).getByText('Muted · Mentions and replies')).toBeTruthy();
  await userEvent.click(within(group).getByRole('button', { name: 'Reset Lunch' }));
  expect(fake.requests('conversation.notify')).toEqual([{ conversationId: id, level: null }]);
  expect(fake.requests('conversation.mute')).toEqual([{ conversationId: id, on: false, untilMs: null }]);
});

it('chooses what one conversation notifies about', async () => {
  const conversationId = fakeId(2, 3);
  renderUi(<NotifySetting conversationId={conversationId} />);
  await userEvent.selectOptions(
    await screen.findByRole('combobox', { name: 'Notifications' }),
    'Mentions and replies',
  );
  expect(fake.requests('conversation.notify')).toEqual([{ conversationId, level: 'mentions' }]);
});

it('tells who shows notifications and what they can do', async () => {
  ({ fake } = installWorld((name) =>
    name === 'notification.test'
      ? ok({
          isShown: true,
          system: { name: 'dunst', version: '1.9.0', capabilities: ['actions', 'body'] },
          hasTray: false,
        })
      : undefined,
  ));
  renderUi(<NotificationsSection />);
  await userEvent.click(await screen.findByRole('button', { name: 'Test' }));
  const status = await screen.findByText(/The system took it/);
  expect(status.parentElement?.textContent).toContain('Shown by dunst 1.9.0: actions, body.');
  expect(status.parentElement?.textContent).toContain('Reply opens the conversation');
  expect(status.parentElement?.textContent).toContain('No panel shows tray icons');
});

it('says why a message did not notify, and until when', async () => {
  const untilMs = new Date().setHours(23, 59, 0, 0);
  ({ fake } = installWorld((name) =>
    name === 'notification.why' ? ok({ why: { outcome: 'dnd', atMs: Date.now(), untilMs } }) : undefined,
  ));
  renderUi(<WhyNotified messageId={fakeId(3, 1)} />);
  expect((await screen.findByText(/None: do not disturb/)).textContent).toMatch(/until .*59/);
});
