import { act, cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { invitation } from '../../lib/invitation.ts';
import type { FakeBridge, IntentHandler } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { AuthScreen } from './auth-screen.tsx';
import { passwordStrength } from './password-strength.ts';

let fake: FakeBridge;
let handle: IntentHandler;
let needsSetup = false;

beforeEach(() => {
  needsSetup = false;
  handle = (name) =>
    name === 'session.probe'
      ? ok({
          serverUrl: 'https://messages.example.org',
          name: 'City Facilities',
          version: '0.1.0',
          needsSetup,
          client: { feedUrl: null, minimum: null },
        })
      : undefined;
  ({ fake } = installWorld((name, request) => handle(name, request)));
});
afterEach(cleanup);

const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });

describe('sign in', () => {
  it('looks for the last server at once and then asks for the account', async () => {
    renderUi(<AuthScreen lastServerUrl="messages.example.org" />);
    expect(await screen.findByText('City Facilities. Secure connection.')).toBeTruthy();
    await userEvent.type(field('Email'), 'maya@example.org');
    await userEvent.type(field('Password'), 'a long password{Enter}');
    expect(fake.requests('session.signIn')).toEqual([
      { serverUrl: 'https://messages.example.org', email: 'maya@example.org', password: 'a long password' },
    ]);
  });

  it('keeps the password and puts focus on it when it is wrong', async () => {
    const probe = handle;
    handle = (name, request) =>
      name === 'session.signIn' ? err(errorBody('WRONG_CREDENTIALS')) : probe(name, request);
    renderUi(<AuthScreen lastServerUrl="messages.example.org" />);
    await userEvent.type(await screen.findByLabelText('Email'), 'maya@example.org');
    await userEvent.type(field('Password'), 'wrong password{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('Email or password is wrong.');
    expect(field('Password').value).toBe('wrong password');
    await waitFor(() => expect(document.activeElement).toBe(field('Password')));
    expect(field('Password').getAttribute('aria-invalid')).toBe('true');
  });

  it('says when there is no answer, and opens offline what is already here', async () => {
    handle = () => err(errorBody('OFFLINE', { detail: 'ETIMEDOUT' }));
    const onOpenOffline = vi.fn<() => void>();
    renderUi(
      <AuthScreen
        lastServerUrl="messages.example.org"
        known={{ email: 'maya@example.org', onOpenOffline }}
      />,
    );
    expect((await screen.findByRole('alert')).textContent).toContain('No answer from this address.');
    expect(screen.getByText(/ETIMEDOUT/)).toBeTruthy();
    await userEvent.click(button('Open offline'));
    expect(onOpenOffline).toHaveBeenCalledOnce();
    const before = fake.requests('session.probe').length;
    await userEvent.click(button('Try again'));
    expect(fake.requests('session.probe').length).toBe(before + 1);
  });
});

describe('create an account', () => {
  async function toStep2(): Promise<void> {
    renderUi(<AuthScreen lastServerUrl={null} />);
    await userEvent.click(button('Create an account'));
    expect(screen.getByText('Step 1 of 2: your server')).toBeTruthy();
    await userEvent.type(field('Server address'), 'messages.example.org');
    await userEvent.click(button('Continue'));
    expect(await screen.findByText('Step 2 of 2: about you')).toBeTruthy();
  }

  it('asks for an invitation on a server in use', async () => {
    await toStep2();
    await userEvent.type(field('Full name'), 'Maya Lindqvist');
    await userEvent.type(field('Work email'), 'maya@example.org');
    await userEvent.type(field('Password'), 'a long password');
    expect(button('Create account').disabled).toBe(true);
    await userEvent.type(screen.getByLabelText(/^Invitation code/), 'NCIT-4K7P');
    await userEvent.click(button('Create account'));
    expect(fake.requests('session.createAccount')[0]).toMatchObject({
      name: 'Maya Lindqvist',
      inviteCode: 'NCIT-4K7P',
    });
    expect(fake.requests('session.createAccount')[0]).not.toHaveProperty('setupCode');
  });

  it('asks the first owner for the set-up code and an organization, and ties its error to the field', async () => {
    needsSetup = true;
    const probe = handle;
    handle = (name, request) =>
      name === 'session.createAccount' ? err(errorBody('SETUP_CODE_WRONG')) : probe(name, request);
    await toStep2();
    await userEvent.type(field('Full name'), 'Maya');
    await userEvent.type(field('Work email'), 'm@example.org');
    await userEvent.type(field('Password'), 'a long password');
    await userEvent.type(field('Set-up code'), 'nope');
    await userEvent.type(field('Organization name'), 'City Facilities');
    await userEvent.click(button('Create account'));
    await waitFor(() => expect(field('Set-up code').getAttribute('aria-invalid')).toBe('true'));
    expect(screen.getByRole('alert').textContent).toContain('set-up code is wrong');
    await userEvent.click(button('Back'));
    expect(screen.getByText('Step 1 of 2: your server')).toBeTruthy();
  });
});

describe('an invitation that came by a link', () => {
  const arrived = { code: 'SWAN-CSAA', serverUrl: 'https://messages.example.org' };

  it('is filled in with its server, and is used up by the account', async () => {
    const probe = handle;
    handle = (name, request) =>
      name === 'session.createAccount' ? err(errorBody('INVITE_INVALID')) : probe(name, request);
    renderUi(<AuthScreen lastServerUrl="other.example.org" />);
    expect(await screen.findByLabelText('Server address')).toBeTruthy();
    act(() => invitation.set(arrived));
    expect((await screen.findByLabelText<HTMLInputElement>(/^Invitation code/)).value).toBe('SWAN-CSAA');
    expect(field('Server address').value).toBe('messages.example.org');
    await userEvent.type(field('Full name'), 'Maya Lindqvist');
    await userEvent.type(field('Work email'), 'maya@example.org');
    await userEvent.type(field('Password'), 'a long password');
    await userEvent.click(button('Create account'));
    // Refused: it stays to be answered, and nothing that was typed is lost.
    await waitFor(() => expect(invitation.get()).toEqual(arrived));
    expect(field('Full name').value).toBe('Maya Lindqvist');
    handle = probe;
    await userEvent.click(button('Create account'));
    await waitFor(() => expect(invitation.get()).toBeNull());
    expect(fake.requests('session.createAccount')).toHaveLength(2);
    expect(fake.requests('session.createAccount')[1]).toMatchObject({
      serverUrl: 'https://messages.example.org',
      inviteCode: 'SWAN-CSAA',
    });
  });

  it('waits for whoever has an account there already', async () => {
    invitation.set(arrived);
    renderUi(<AuthScreen lastServerUrl={null} />);
    await screen.findByLabelText(/^Invitation code/);
    await userEvent.click(button('Sign in'));
    expect(screen.getByText(/You’re asked about the invitation then/)).toBeTruthy();
    await userEvent.type(await screen.findByLabelText('Email'), 'maya@example.org');
    await userEvent.type(field('Password'), 'a long password{Enter}');
    await waitFor(() => expect(fake.requests('session.signIn')).toHaveLength(1));
    expect(invitation.get()).toEqual(arrived);
  });
});

describe('passwordStrength', () => {
  it.each([
    ['short', 'weak'],
    ['aaaaaaaaaaaaaaaa', 'weak'],
    ['tenletters', 'fair'],
    ['Ten letters 1', 'good'],
    ['correct horse battery', 'strong'],
  ] as const)('finds %s %s', (password, strength) => {
    expect(passwordStrength(password)).toBe(strength);
  });
});
