import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { currentToast } from '../../lib/toast.ts';
import type { FakeBridge, IntentHandler } from '../../preview/fake-bridge.ts';
import { installWorld, renderUi } from '../../preview/render.tsx';
import { AdvancedSection } from './advanced-section.tsx';

let fake: FakeBridge;
let answer: IntentHandler = () => undefined;

beforeEach(() => {
  answer = (name) => (name === 'diagnostics.make' ? ok({ text: '{"app": "0.1.0"}' }) : ok({ saved: true }));
  ({ fake } = installWorld((name, request) => answer(name, request)));
});
afterEach(cleanup);

it('saves nothing that was not shown first', async () => {
  renderUi(<AdvancedSection />);
  await userEvent.click(screen.getByRole('button', { name: 'Show report…' }));
  expect((await screen.findByRole('region', { name: 'What the report holds' })).textContent).toBe(
    '{"app": "0.1.0"}',
  );
  expect(fake.requests('diagnostics.save')).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Save…' }));
  expect(fake.requests('diagnostics.save')).toEqual([{}]);
  expect(currentToast.get()?.text).toBe('Report saved');
});

it('keeps the report open until it is saved, and says when it could not be written', async () => {
  renderUi(<AdvancedSection />);
  await userEvent.click(screen.getByRole('button', { name: 'Show report…' }));
  await screen.findByRole('region', { name: 'What the report holds' });
  answer = () => ok({ saved: false });
  await userEvent.click(screen.getByRole('button', { name: 'Save…' }));
  screen.getByRole('region', { name: 'What the report holds' });
  answer = () => err(errorBody('DISK_FULL'));
  await userEvent.click(screen.getByRole('button', { name: 'Save…' }));
  expect(currentToast.get()?.text).toMatch(/^The report wasn’t saved\. This computer is almost full/);
  screen.getByRole('region', { name: 'What the report holds' });
});

it('opens the folders, each by its own name', async () => {
  renderUi(<AdvancedSection />);
  await userEvent.click(screen.getByRole('button', { name: 'Open data folder' }));
  await userEvent.click(screen.getByRole('button', { name: 'Open log folder' }));
  expect(fake.requests('app.openFolder')).toEqual([{ folder: 'data' }, { folder: 'logs' }]);
});
