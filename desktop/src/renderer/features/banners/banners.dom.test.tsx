import { cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionMeta } from '../../../ipc/views.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { Banners } from './banners.tsx';

type Active = Extract<SessionMeta, { state: 'active' }>;

const session: Active = {
  state: 'active',
  accountId: '00000000-0000-7000-8000-0000000000a0',
  userId: '00000000-0000-7000-8000-0000000000a1',
  deviceId: '00000000-0000-7000-8000-0000000000a2',
  serverUrl: 'https://chat.example.org',
  email: 'ada@example.org',
  name: 'Ada',
  orgs: [],
  needsSignIn: false,
  keyring: 'stored',
  notices: [],
};

beforeEach(() => void installWorld());
afterEach(cleanup);

describe('notices', () => {
  it('are absent while all is well', () => {
    renderUi(<Banners session={session} />);
    expect(screen.queryByRole('region')).toBeNull();
  });

  it('say that the keyring does not answer, and ask for nothing but patience', () => {
    renderUi(<Banners session={{ ...session, keyring: 'silent' }} />);
    expect(screen.getByRole('alert').textContent).toContain('keyring does not answer');
    expect(screen.queryByRole('button')).toBeNull();
  });
});
