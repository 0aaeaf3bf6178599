import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import type { World } from '../../preview/world.ts';
import { StatusMenu } from '../../ui/status-menu.tsx';
import { PrivacySection } from './privacy-section.tsx';

let fake: FakeBridge;
let world: World;

beforeEach(() => ({ fake, world } = installWorld()));
afterEach(cleanup);

it('says each choice once, and only what was changed', async () => {
  renderUi(<PrivacySection />);
  await userEvent.selectOptions(await screen.findByRole('combobox', { name: /^Presence/ }), 'Nobody');
  await userEvent.click(screen.getByRole('switch', { name: /^Typing/ }));
  expect(fake.requests('account.setPreferences')).toEqual([
    { presenceAudience: 'nobody' },
    { shareTyping: false },
  ]);
});

it('offers no last seen to people who do not see the presence', async () => {
  world.account = { status: null, preferences: { presenceAudience: 'conversations' } };
  renderUi(<PrivacySection />);
  const lastSeen = await screen.findByRole('combobox', { name: /^Last seen/ });
  expect([...lastSeen.querySelectorAll('option')].map((each) => each.textContent)).toEqual([
    'People I talk with',
    'Nobody',
  ]);
  expect((lastSeen as HTMLSelectElement).value).toBe('conversations');
});

it('keeps the text of a status when the state changes, and takes it off when asked', async () => {
  world.account = { status: { state: 'online', untilMs: null, text: 'On the roof' }, preferences: {} };
  renderUi(<StatusMenu anchor={document.body} onClose={() => undefined} />);
  await userEvent.click(await screen.findByRole('menuitemradio', { name: 'Away' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Clear status text' }));
  expect(fake.requests('account.setStatus')).toEqual([
    { status: { state: 'away', untilMs: null, text: 'On the roof' } },
    { status: null },
  ]);
});

it('writes a status text until a time', async () => {
  renderUi(<StatusMenu anchor={document.body} onClose={() => undefined} />);
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Write a status…' }));
  await userEvent.type(await screen.findByRole('textbox', { name: 'Status text' }), 'On leave');
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Clear it' }), 'When I change it');
  await userEvent.click(screen.getByRole('button', { name: 'Set status' }));
  expect(fake.requests('account.setStatus')).toEqual([
    { status: { state: 'online', untilMs: null, text: 'On leave' } },
  ]);
});
