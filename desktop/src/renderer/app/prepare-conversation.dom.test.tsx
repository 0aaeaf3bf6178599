import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { navigation } from '../lib/navigation.ts';
import type { FakeBridge } from '../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import type { World } from '../preview/world.ts';
import { Workspace } from './workspace.tsx';

let world: World;
let fake: FakeBridge;
let opened: string[];
let closed: number;

beforeEach(() => {
  ({ world, fake } = installWorld());
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 640 });
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 320 });
  opened = [];
  closed = 0;
  const { openView, closeView } = fake;
  fake.openView = (name, params) => {
    if (name === 'timeline' || name === 'conversation') opened.push(name);
    return openView(name, params);
  };
  fake.closeView = (viewId) => {
    closed += 1;
    closeView(viewId);
  };
});
afterEach(cleanup);

async function list(): Promise<HTMLElement> {
  const { session } = world;
  if (session.state !== 'active') throw new Error('somebody is signed in');
  act(() => navigation.set((now) => ({ ...now, conversationId: null, section: 'chats' })));
  renderUi(<Workspace session={session} />);
  return screen.findByRole('option', { name: /^Tom Becker/ });
}

describe('opening a conversation', () => {
  it('asks for rows and facts at once, with the press, and for nothing twice', async () => {
    const row = await list();
    fireEvent.pointerDown(row, { button: 0 });
    expect(opened).toEqual(['timeline', 'conversation']);
    fireEvent.click(row);
    await screen.findByRole('textbox', { name: /^Message/ });
    expect(opened).toEqual(['timeline', 'conversation']);
  });

  it('gives back what was pressed and not opened', async () => {
    const row = await list();
    fireEvent.pointerDown(row, { button: 0 });
    expect(opened).toHaveLength(2);
    await waitFor(() => expect(closed).toBe(2), { timeout: 3000 });
  });

  it('asks for nothing when the menu of a row is wanted', async () => {
    const row = await list();
    fireEvent.pointerDown(row, { button: 2 });
    expect(opened).toEqual([]);
  });
});
