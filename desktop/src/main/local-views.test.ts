import { describe, expect, it } from 'vitest';
import type { ViewChange } from '../ipc/feed.ts';
import { AboutFacts } from './about.ts';
import { LocalViews, isLocalView } from './local-views.ts';
import { defaultPreferences } from './preferences.ts';
import { defaultNetworkMeta } from '../ipc/network.ts';
import { noSpelling } from './spelling/no-spelling.ts';
import { noUpdates } from './updates/updates.ts';

function setUp() {
  const changes: [number, ViewChange][] = [];
  let ids = 0;
  const about = new AboutFacts('0.1.0', { electron: '33.2.1', node: '20.18.1' }, () => {});
  const views = new LocalViews(
    {
      preferences: defaultPreferences,
      about: about.meta,
      updates: noUpdates,
      accounts: { current: '1', accounts: [] },
      network: defaultNetworkMeta,
      spelling: noSpelling,
    },
    () => (ids += 1),
    (windowId, some) => changes.push(...some.map((change): [number, ViewChange] => [windowId, change])),
  );
  return { views, changes };
}

describe('the views of main', () => {
  it('tell every window that has one open, in versions without gaps', () => {
    const { views, changes } = setUp();
    expect(views.open(1, 'preferences')).toMatchObject({ ok: true, value: { viewId: 1, version: 1 } });
    views.open(2, 'preferences');
    views.open(1, 'about');
    const dark = { ...defaultPreferences, theme: 'dark' } as const;
    views.publish('preferences', dark);
    views.publish('preferences', defaultPreferences);
    expect(changes).toEqual([
      [1, { viewId: 1, version: 2, patch: { meta: dark } }],
      [2, { viewId: 2, version: 2, patch: { meta: dark } }],
      [1, { viewId: 1, version: 3, patch: { meta: defaultPreferences } }],
      [2, { viewId: 2, version: 3, patch: { meta: defaultPreferences } }],
    ]);
  });

  it('open with the latest state', () => {
    const { views } = setUp();
    views.publish('preferences', { ...defaultPreferences, density: 'compact' });
    expect(views.open(1, 'preferences')).toMatchObject({
      value: { state: { meta: { density: 'compact' } } },
    });
  });

  it('are closed by their own window only, or all at once', () => {
    const { views, changes } = setUp();
    views.open(1, 'preferences');
    views.open(1, 'preferences');
    views.close(2, 1);
    views.closeAllOf(2);
    views.publish('preferences', defaultPreferences);
    expect(changes).toHaveLength(2);
    views.close(1, 1);
    views.publish('preferences', defaultPreferences);
    expect(changes).toHaveLength(3);
    views.closeAllOf(1);
    views.publish('preferences', defaultPreferences);
    expect(changes).toHaveLength(3);
  });

  it('are those of this device, not of an account', () => {
    for (const view of ['preferences', 'about', 'updates', 'accounts', 'network', 'spelling'] as const)
      expect(isLocalView(view)).toBe(true);
    expect(isLocalView('session')).toBe(false);
  });
});

describe('About', () => {
  it('says that an Electron other than the declared one is the fallback', () => {
    expect(new AboutFacts('0.1.0', { electron: '33.2.1' }, () => {}).meta.runtime).toBe('fallback');
    const { declaredElectron } = new AboutFacts('0.1.0', {}, () => {}).meta;
    expect(new AboutFacts('0.1.0', { electron: declaredElectron }, () => {}).meta.runtime).toBe('declared');
  });

  it('asks the server for its version when somebody looks, and keeps the last one offline', async () => {
    const about = new AboutFacts('0.1.0', {}, () => {});
    about.setServer('https://one.example');
    const client = { feedUrl: 'https://one.example/updates', minimum: null };
    const probe = {
      serverUrl: 'https://one.example',
      name: 'One',
      version: '0.1.0',
      needsSetup: false,
      client,
    };
    expect(await about.refresh({ intent: () => Promise.resolve({ ok: true, value: probe }) })).toEqual(
      client,
    );
    expect(about.meta.serverVersion).toBe('0.1.0');
    const offline = { code: 'OFFLINE', message: '' } as const;
    expect(
      await about.refresh({ intent: () => Promise.resolve({ ok: false, error: offline }) }),
    ).toBeUndefined();
    expect(about.meta.serverVersion).toBe('0.1.0');
    about.setServer('https://two.example');
    expect(about.meta).toMatchObject({ serverUrl: 'https://two.example', serverVersion: null });
  });
});
