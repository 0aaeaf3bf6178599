/** Ties the report to this computer, and opens the folders of this profile. */
import os from 'node:os';
import path from 'node:path';
import { app, shell } from 'electron';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { coreFactsSchema } from '../../ipc/diagnostics.ts';
import type { AboutMeta, UpdatesMeta } from '../../ipc/settings-views.ts';
import type { Preferences } from '../../ipc/views.ts';
import type { Accounts } from '../accounts.ts';
import { readLogTail, reportText } from '../diagnostics.ts';
import type { LocalIntents } from '../ipc-host.ts';
import type { NetworkRoutes } from '../network-routes.ts';
import { MAIN_WINDOW_ID } from '../own-views.ts';
import { measureFiles } from '../storage-files.ts';
import { saveTextFile } from './save-text-file.ts';

/** What a report asks. */
export interface DiagnosticsPorts {
  /** Answers for the account that shows. */
  readonly core: Pick<Accounts, 'intent'>;
  readonly network: NetworkRoutes;
  about(): AboutMeta;
  updates(): UpdatesMeta;
  preferences(): Preferences;
}

type DiagnosticsIntents = Pick<LocalIntents, 'diagnostics.make' | 'diagnostics.save' | 'app.openFolder'>;

/** Answers the intents of the page. */
export function diagnosticsIntentHandlers(ports: DiagnosticsPorts): DiagnosticsIntents {
  let made: string | null = null;
  const folders = {
    data: app.getPath('userData'),
    logs: path.join(app.getPath('userData'), 'logs'),
  } as const;
  return {
    'diagnostics.make': async () => {
      const [facts, files, log] = await Promise.all([
        ports.core.intent(MAIN_WINDOW_ID, 'diagnostics.facts', {}),
        measureFiles(folders.data),
        readLogTail(folders.logs),
      ]);
      made = reportText({
        nowMs: Date.now(),
        about: ports.about(),
        updates: ports.updates(),
        preferences: ports.preferences(),
        network: ports.network.meta,
        files,
        core: facts.ok ? (coreFactsSchema.safeParse(facts.value).data ?? null) : null,
        system: systemFacts(),
        log,
        own: { '~': os.homedir(), '[user]': os.userInfo().username, '[computer]': os.hostname() },
      });
      return ok({ text: made });
    },
    'diagnostics.save': async () => {
      if (made === null) return err(errorBody('BAD_REQUEST'));
      const day = new Date().toISOString().slice(0, 10);
      const saved = await saveTextFile(`curlew-diagnostics-${day}.json`, made);
      return saved.ok ? ok({ saved: saved.value }) : saved;
    },
    'app.openFolder': async ({ folder }) => {
      const problem = await shell.openPath(folders[folder]);
      return problem === '' ? ok({}) : err(errorBody('NOT_FOUND'));
    },
  };
}

function systemFacts(): Readonly<Record<string, string | number | boolean>> {
  return {
    platform: process.platform,
    release: os.release(),
    arch: process.arch,
    processors: os.cpus().length,
    memoryBytes: os.totalmem(),
    locale: app.getLocale(),
    desktop: process.env['XDG_CURRENT_DESKTOP'] ?? '',
    session: process.env['XDG_SESSION_TYPE'] ?? '',
    isPackaged: app.isPackaged,
    upSeconds: Math.round(process.uptime()),
  };
}
