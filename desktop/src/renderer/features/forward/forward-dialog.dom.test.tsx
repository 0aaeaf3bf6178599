import { act, cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { err } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { forwarding } from '../../lib/forwarding.ts';
import { currentToast } from '../../lib/toast.ts';
import type { FakeBridge, IntentHandler } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { fakeId, message } from '../../preview/world.ts';
import { ForwardDialog } from './forward-dialog.tsx';

const row = message(1, Date.now(), { text: 'The code is 4711' });
let fake: FakeBridge;
let handle: IntentHandler;

beforeEach(() => {
  handle = () => undefined;
  ({ fake } = installWorld((name, request) => handle(name, request)));
  forwarding.set(null);
});
afterEach(cleanup);

const open = async () => {
  renderUi(<ForwardDialog />);
  act(() => forwarding.set({ conversationId: fakeId(2, 1), row }));
  return screen.findByRole('combobox', { name: 'Forward to' });
};

describe('Forwarding', () => {
  it('goes to several places by keyboard alone, with a comment', async () => {
    const field = await open();
    expect(document.activeElement).toBe(field);
    expect(screen.getByText('The code is 4711')).toBeTruthy();
    await userEvent.type(field, 'kofi');
    await screen.findByRole('option', { name: /Kofi Mensah/u });
    await userEvent.keyboard('{Enter}');
    expect(screen.getByRole('button', { name: /Kofi Mensah/u })).toBeTruthy();
    await userEvent.type(field, 'tom');
    await waitFor(() => expect(screen.queryByRole('option', { name: /Tom Becker/u })).toBeTruthy());
    await userEvent.keyboard('{Enter}');
    await userEvent.type(screen.getByRole('textbox', { name: 'Add a comment (optional)' }), 'FYI');
    await userEvent.click(screen.getByRole('button', { name: 'Forward to 2' }));
    expect(fake.requests('message.forward')).toEqual([
      {
        conversationId: fakeId(2, 1),
        messageId: row.id,
        to: [
          { kind: 'person', id: fakeId(1, 3) },
          { kind: 'person', id: fakeId(1, 2) },
        ],
        comment: 'FYI',
      },
    ]);
    await waitFor(() => expect(forwarding.get()).toBeNull());
    expect(currentToast.get()?.text).toBe('Message forwarded to 2 conversations');
  });

  it('asks where to, and says why it cannot be', async () => {
    handle = (name) => (name === 'message.forward' ? err(errorBody('TARGET_DELETED')) : undefined);
    const field = await open();
    await userEvent.click(screen.getByRole('button', { name: 'Forward' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Choose where it goes');
    await userEvent.type(field, 'kofi');
    await screen.findByRole('option', { name: /Kofi Mensah/u });
    await userEvent.keyboard('{Enter}');
    await userEvent.click(screen.getByRole('button', { name: 'Forward' }));
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('was deleted'));
    expect(forwarding.get()).not.toBeNull();
  });
});
