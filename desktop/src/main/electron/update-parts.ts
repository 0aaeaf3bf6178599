/**
 * Ties updates to this installation: what the build says about its feed, whether this copy can be replaced at all, and
 * when to look. Owns no rule of its own.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { z } from 'zod';
import type { UpdatesMeta } from '../../ipc/settings-views.ts';
import type { AboutFacts } from '../about.ts';
import type { Log } from '../log-file.ts';
import type { NetworkRoutes } from '../network-routes.ts';
import type { SessionWatch } from '../session-watch.ts';
import { updateOriginSchema, type UpdateOrigin } from '../updates/update-policy.ts';
import { CHECK_EVERY_MS, Updates } from '../updates/updates.ts';
import { appUpdates, type AppUpdates } from './app-updater.ts';

/** How soon to ask a server again that was not reached. */
const RETRY_MS = 600_000;

/** What belongs to updates. `installer`: absent where this copy cannot be replaced. */
export interface UpdateParts {
  readonly updates: Updates;
  readonly installer: AppUpdates | undefined;
}

/** Builds them; nothing is asked yet. */
export function composeUpdates(
  publish: (meta: UpdatesMeta) => void,
  network: NetworkRoutes,
  log: Log,
): UpdateParts {
  const origin = app.isPackaged ? readOrigin() : {};
  const installer =
    origin.publicKey !== undefined && canBeReplaced()
      ? appUpdates(origin.publicKey, network, log)
      : undefined;
  const updates = new Updates({
    version: app.getVersion(),
    origin,
    administeredFeed: process.env['CURLEW_UPDATE_FEED'],
    updater: installer,
    publish,
    nowMs: Date.now,
    log,
  });
  return { updates, installer };
}

function readOrigin(): UpdateOrigin {
  const manifest = z.object({ updates: updateOriginSchema.optional() });
  const text = readFileSync(path.join(app.getAppPath(), 'package.json'), 'utf8');
  return manifest.parse(JSON.parse(text)).updates ?? {};
}

/** An archive that was unpacked somewhere, and the portable program, are replaced by whoever put them there. */
function canBeReplaced(): boolean {
  if (process.platform === 'win32') return process.env['PORTABLE_EXECUTABLE_FILE'] === undefined;
  if (process.platform !== 'linux') return true;
  return (
    process.env['APPIMAGE'] !== undefined || existsSync(path.join(process.resourcesPath, 'package-type'))
  );
}

/** Looks when a session begins, and every few hours after. */
export function watchForUpdates(parts: {
  readonly updates: Updates;
  readonly about: AboutFacts;
  readonly core: Parameters<AboutFacts['refresh']>[0];
  readonly session: SessionWatch;
  after(delayMs: number, run: () => void): () => void;
}): void {
  const { updates, about, core, session, after } = parts;
  let serverUrl: string | null = null;
  let stopWaiting = (): void => {};
  const look = async (): Promise<void> => {
    stopWaiting();
    const policy = await about.refresh(core);
    if (policy) updates.setPolicy(policy);
    else updates.tick();
    const isAnswered = policy !== undefined || serverUrl === null;
    stopWaiting();
    stopWaiting = after(isAnswered ? CHECK_EVERY_MS : RETRY_MS, () => void look());
    await updates.check();
  };
  session.onChange((state) => {
    const url = state.state === 'active' ? state.serverUrl : null;
    if (url === serverUrl) return;
    serverUrl = url;
    void look();
  });
}
