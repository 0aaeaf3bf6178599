// Owns the order of set-up: what a command needs before its own work starts. Every step is idempotent and says
// nothing when there is nothing to do.

import {
  APP_PACKAGES,
  DISPLAY_PACKAGES,
  TEST_PACKAGES,
  ensureDebianPackages,
  requireLinkedLibraries,
} from './debian-packages.mjs';
import { ensureNodeModules, ensurePrismaClient } from './dependencies.mjs';
import { hasDisplay } from './display.mjs';
import { ensureElectron } from './electron.mjs';

/** Node modules and generated code: enough for the server and the checks. */
export async function bootstrapSources() {
  await ensureNodeModules();
  await ensurePrismaClient();
}

/**
 * Everything a window needs.
 *
 * @param {{tests?: boolean}} [options] tests: also the packages only tests use
 * @returns {Promise<import('./electron.mjs').ElectronRuntime>}
 * @throws {import("./progress.mjs").SetupError} with advice
 */
export async function bootstrapApp(options = {}) {
  await bootstrapSources();
  await ensureDebianPackages([
    ...APP_PACKAGES,
    ...(hasDisplay() ? [] : DISPLAY_PACKAGES),
    ...(options.tests === true ? TEST_PACKAGES : []),
  ]);
  const runtime = await ensureElectron();
  await requireLinkedLibraries(runtime.executable);
  return runtime;
}

/**
 * Variables that make Electron's own launcher, Playwright, electron-vite and electron-builder use a runtime.
 *
 * @param {import('./electron.mjs').ElectronRuntime} runtime
 * @returns {Record<string, string>}
 */
export function electronEnv(runtime) {
  return {
    ELECTRON_OVERRIDE_DIST_PATH: runtime.dist,
    ELECTRON_EXEC_PATH: runtime.executable,
    ...(process.getuid?.() === 0 ? { NO_SANDBOX: '1' } : {}),
  };
}

/** @returns {string[]} arguments Electron needs as the person who runs this */
export function electronArgs() {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
