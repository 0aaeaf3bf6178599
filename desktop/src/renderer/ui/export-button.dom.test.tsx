import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { exportRun } from '../lib/export-run.ts';
import { currentToast } from '../lib/toast.ts';
import { installWorld, renderUi } from '../preview/render.tsx';
import { ExportButton } from './export-button.tsx';

const exportId = '0199c5a8-0000-7000-8000-00000000000e';

afterEach(async () => {
  await waitFor(() => expect(exportRun.get()).toBeNull());
  cleanup();
});

/** A core that answers steps in turn, and the last one again and again. */
function answering(steps: readonly Result<unknown, ErrorBody>[]) {
  let next = 0;
  const { fake } = installWorld((name) => {
    if (name === 'export.start') return ok({ exportId });
    if (name !== 'export.step') return undefined;
    return steps[Math.min(next++, steps.length - 1)];
  });
  renderUi(<ExportButton conversationId={null} label="Export messages" />);
  return fake;
}

const at = (done: number, folder: string | null = null) => ok({ done, total: 10, messages: done, folder });

it('exports everything with the words of the app, and says where it is', async () => {
  const fake = answering([at(3), at(9), at(10, '/home/maya/Curlew')]);
  await userEvent.click(screen.getByRole('button', { name: 'Export messages' }));
  await waitFor(() => expect(currentToast.get()?.text).toBe('10 messages were saved in /home/maya/Curlew.'));
  const [request] = fake.requests('export.start');
  expect(request).toMatchObject({ conversationId: null, texts: { exportedAt: 'Exported on {date}.' } });
  expect(fake.requests('export.step')).toEqual([{ exportId }, { exportId }, { exportId }]);
});

it('shows how far it is, and is cancelled', async () => {
  const fake = answering([at(4)]);
  await userEvent.click(screen.getByRole('button', { name: 'Export messages' }));
  const bar = await screen.findByRole('progressbar', { name: 'Export in progress' });
  await waitFor(() => expect(bar.getAttribute('value')).toBe('40'));
  await userEvent.click(screen.getByRole('button', { name: 'Cancel export' }));
  await waitFor(() => expect(fake.requests('export.cancel')).toEqual([{ exportId }]));
  expect(await screen.findByRole('button', { name: 'Export messages' })).toBeTruthy();
});

it('says why it could not be finished', async () => {
  answering([err(errorBody('DISK_FULL'))]);
  await userEvent.click(screen.getByRole('button', { name: 'Export messages' }));
  await waitFor(() => expect(currentToast.get()?.text).toContain('The export could not be finished.'));
});
