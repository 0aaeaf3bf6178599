/**
 * The export of this window. Owns that there is one at a time and drives it step by step, whatever page is shown meanwhile;
 * what it writes and where is the core's business.
 */
import type { TFunction } from 'i18next';
import type { ExportTexts } from '@curlew/shared/domain/export-pages.ts';
import { errorText } from '../i18n/index.ts';
import { invoke } from './bridge.ts';
import { createStore, type Store } from './store.ts';
import { showToast } from './toast.ts';

/** How far it is. `conversationId` null: everything. */
export interface ExportRun {
  readonly conversationId: string | null;
  readonly percent: number;
}

/** The export that runs, or null. */
export const exportRun: Store<ExportRun | null> = createStore<ExportRun | null>(null);

let isCancelled = false;

/** Asks where to and writes; says at the end where it is. Does nothing while another one runs. */
export async function startExport(conversationId: string | null, t: TFunction): Promise<void> {
  if (exportRun.get()) return;
  isCancelled = false;
  exportRun.set({ conversationId, percent: 0 });
  try {
    const started = await invoke('export.start', { conversationId, texts: textsOf(t) });
    if (!started.ok) showToast({ text: t('exporting.failed', { reason: errorText(started.error) }) });
    else if (started.value.exportId !== null) await drive(started.value.exportId, conversationId, t);
  } finally {
    exportRun.set(null);
  }
}

/** Ends the export that runs; what it wrote is removed. */
export function cancelExport(): void {
  isCancelled = true;
}

async function drive(exportId: string, conversationId: string | null, t: TFunction): Promise<void> {
  for (;;) {
    if (isCancelled) {
      await invoke('export.cancel', { exportId });
      return;
    }
    const step = await invoke('export.step', { exportId });
    if (!step.ok) {
      showToast({ text: t('exporting.failed', { reason: errorText(step.error) }) });
      return;
    }
    const { done, total, messages, folder } = step.value;
    if (folder !== null) {
      showToast({ text: t('exporting.done', { count: messages, folder }) });
      return;
    }
    exportRun.set({ conversationId, percent: total === 0 ? 100 : Math.floor((done * 100) / total) });
    // Nobody waits for an export: what a person does meanwhile comes first.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** The words of the pages, in the language of the app. */
function textsOf(t: TFunction): ExportTexts {
  return t('exporting.pages', { returnObjects: true });
}
