import { act, cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '@curlew/shared/lib/result.ts';
import type { FakeBridge } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, type World } from '../../preview/world.ts';
import { Composer } from './composer.tsx';
import { resetDrafts } from './draft-keeper.ts';

const url = 'https://example.org/door';
const preview = { url, title: 'Door 4', description: 'How it opens', siteName: 'Example' };
let fake: FakeBridge;
let world: World;

beforeEach(() => {
  resetDrafts();
  ({ fake, world } = installWorld((name) => (name === 'link.preview' ? ok({ preview }) : undefined)));
});
afterEach(cleanup);

let next = 20;
const show = () => {
  next += 1;
  renderUi(<Composer conversationId={fakeId(2, next)} title="Priya Nair" draft={null} sendWith="enter" />);
};
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message Priya Nair' });
const settled = () => new Promise((resolve) => setTimeout(resolve, 800));

describe('The preview of a link', () => {
  it('is asked for once typing rests, shown, and sent with the message', async () => {
    show();
    await userEvent.type(field(), `See ${url}, please`);
    await screen.findByRole('button', { name: /Door 4/u }, { timeout: 3_000 });
    expect(fake.requests('link.preview')).toEqual([{ url }]);
    await userEvent.type(field(), '{Enter}');
    expect(fake.requests('message.send')).toMatchObject([{ text: `See ${url}, please`, preview }]);
    expect(screen.queryByRole('button', { name: /Door 4/u })).toBeNull();
  });

  it('is taken away for good, and then not sent', async () => {
    show();
    await userEvent.type(field(), url);
    await userEvent.click(
      await screen.findByRole('button', { name: 'Remove the preview' }, { timeout: 3_000 }),
    );
    await userEvent.type(field(), ' indeed');
    await settled();
    expect(screen.queryByRole('button', { name: /Door 4/u })).toBeNull();
    await userEvent.type(field(), '{Enter}');
    expect(fake.requests('message.send')[0]).not.toHaveProperty('preview');
    expect(fake.requests('link.preview')).toHaveLength(1);
  });

  it('goes with its link, and is never asked for where it is switched off or the link is code', async () => {
    show();
    await userEvent.type(field(), url);
    await screen.findByRole('button', { name: /Door 4/u }, { timeout: 3_000 });
    await userEvent.clear(field());
    await waitFor(() => expect(screen.queryByRole('button', { name: /Door 4/u })).toBeNull());
    await userEvent.type(field(), '`https://example.org/other` http://example.org/plain');
    await settled();
    world.preferences = { ...world.preferences, linkPreviews: false };
    act(() => fake.refresh());
    await userEvent.type(field(), 'https://example.org/third');
    await settled();
    expect(fake.requests('link.preview')).toEqual([{ url }]);
  });
});
