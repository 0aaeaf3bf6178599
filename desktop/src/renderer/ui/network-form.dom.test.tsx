import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { defaultNetworkSettings } from '../../ipc/network.ts';
import type { FakeBridge, IntentHandler } from '../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import type { World } from '../preview/world.ts';
import { NetworkForm } from './network-form.tsx';

const secret = 'Tide-4711!';
const manual = { ...defaultNetworkSettings, mode: 'manual', host: 'proxy.example.org', port: 3128 } as const;
let fake: FakeBridge;
let world: World;
let answer: IntentHandler = () => undefined;

beforeEach(() => {
  answer = () => undefined;
  ({ fake, world } = installWorld((name, request) => answer(name, request)));
});
afterEach(cleanup);

const show = (serverUrl: string | null = 'https://messages.example.org') =>
  renderUi(<NetworkForm serverUrl={serverUrl} />);
const field = (name: RegExp) => screen.findByRole('textbox', { name });
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));

it('tests what is typed and says how it went, then applies it', async () => {
  answer = (name) =>
    name === 'network.test' ? ok({ host: 'messages.example.org', isDirect: false, tookMs: 184 }) : undefined;
  show();
  await userEvent.click(await screen.findByRole('radio', { name: 'Manual' }));
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Type' }), 'SOCKS5');
  await userEvent.type(await field(/^Host/), 'proxy.example.org');
  const port = await field(/^Port/);
  await userEvent.clear(port);
  await userEvent.type(port, '1080');
  await userEvent.type(await field(/^User/), 'maya');
  await userEvent.type(screen.getByLabelText(/^Password/), secret);
  await press('Test connection');
  expect((await screen.findByText(/^Reached/)).textContent).toBe(
    'Reached messages.example.org through the proxy in 184 ms.',
  );
  const settings = { ...manual, type: 'socks5', port: 1080, user: 'maya' };
  expect(fake.requests('network.test')).toEqual([
    { settings, password: secret, serverUrl: 'https://messages.example.org' },
  ]);
  expect(fake.requests('network.set')).toEqual([]);
  await press('Apply');
  await screen.findByText('In use now. Curlew connects again.');
  expect(fake.requests('network.set')).toEqual([{ settings, password: secret }]);
});

it('says in a sentence why a server was not reached', async () => {
  answer = (name) => (name === 'network.test' ? err(errorBody('PROXY_AUTH')) : undefined);
  show();
  await screen.findByRole('radio', { name: 'Manual' });
  await press('Test connection');
  expect((await screen.findByText(/^Not reached/)).textContent).toMatch(
    /^Not reached after \d+ ms\. The proxy does not accept this user and password\./,
  );
});

it('points at what is wrong, and sends none of it', async () => {
  show();
  await userEvent.click(await screen.findByRole('radio', { name: 'Manual' }));
  await userEvent.type(await field(/^Host/), 'http://proxy');
  await press('Apply');
  const host = await field(/^Host/);
  expect(host.getAttribute('aria-invalid')).toBe('true');
  await screen.findByText('Enter only the name or address, such as proxy.example.org.');
  await userEvent.click(screen.getByRole('radio', { name: 'Automatic, by a PAC file' }));
  await userEvent.type(await field(/^Address/), 'file:///proxy.pac');
  await press('Test connection');
  await screen.findByText('Enter an address that begins with https:// or http://.');
  expect(fake.requests('network.set')).toEqual([]);
  expect(fake.requests('network.test')).toEqual([]);
});

it('knows that a password is kept for this proxy, and never what it is', async () => {
  world.network = { settings: { ...manual, user: 'maya' }, password: 'kept', authority: null };
  show();
  await screen.findByText(/Kept in this computer’s keyring/);
  const password = screen.getByLabelText<HTMLInputElement>(/^Password/);
  expect(password.value).toBe('');
  await userEvent.type(await field(/^Host/), '2');
  expect(screen.queryByText(/Kept in this computer’s keyring/)).toBeNull();
  await press('Apply');
  expect(fake.requests('network.set')).toEqual([
    { settings: { ...manual, host: 'proxy.example.org2', user: 'maya' } },
  ]);
});

it('says who is trusted until when, and why a file is not taken', async () => {
  const validToMs = Date.UTC(2031, 4, 6, 12);
  world.network = {
    settings: defaultNetworkSettings,
    password: 'none',
    authority: { subject: 'Heron Works CA', certificates: 2, validToMs },
  };
  answer = (name) => (name === 'network.chooseAuthority' ? ok({ outcome: 'noCertificate' }) : undefined);
  show(null);
  await screen.findByText('Heron Works CA');
  screen.getByText(/^Valid until .*2031 · 2 certificates/);
  await press('Choose file…');
  expect((await screen.findByRole('alert')).textContent).toContain('This is not a certificate.');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Test connection' }).disabled).toBe(true);
  await press('Remove');
  expect(fake.requests('network.dropAuthority')).toEqual([{}]);
});
