/**
 * What a web page of this app may not do: go elsewhere, open windows, ask for permissions, download, embed pages or
 * reach the network. Owns these refusals for every window and session there will ever be.
 */
import type { Session, WebContents } from 'electron';
import { app, session } from 'electron';
import type { Log } from '../log-file.ts';

interface LockdownPorts {
  isOwnUrl(url: string): boolean;
  /** While developing, pages come from the bundler's server and may talk to it. */
  readonly isDevelopment: boolean;
  log: Log;
}

/** Installs the refusals. Runs once the app is ready, before the first window. */
export function lockDown(ports: LockdownPorts): void {
  lockSession(session.defaultSession, ports);
  app.on('session-created', (created) => lockSession(created, ports));
  app.on('web-contents-created', (_event, contents) => lockContents(contents, ports));
}

/** A scheme nobody serves: what Chromium would fetch from its maker's servers fails at once, and stays here. */
const NOWHERE = 'curlew-nowhere://dictionaries/';

function lockSession(target: Session, { isDevelopment, log }: LockdownPorts): void {
  // Each session would begin by fetching a dictionary; spelling is switched on where there is writing (`spelling.ts`).
  target.setSpellCheckerDictionaryDownloadURL(NOWHERE);
  target.setSpellCheckerEnabled(false);
  target.setPermissionRequestHandler((_contents, permission, answer) => {
    log('warn', 'lockdown.permission', { permission });
    answer(false);
  });
  target.setPermissionCheckHandler(() => false);
  target.setDevicePermissionHandler(() => false);
  target.on('will-download', (event) => {
    log('warn', 'lockdown.download');
    event.preventDefault();
  });
  if (isDevelopment) return;
  const urls = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*'];
  target.webRequest.onBeforeRequest({ urls }, (_details, answer) => answer({ cancel: true }));
}

function lockContents(contents: WebContents, { isOwnUrl, log }: LockdownPorts): void {
  contents.setWindowOpenHandler(() => {
    log('warn', 'lockdown.windowOpen');
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => {
    // A reload is a navigation to the same page.
    if (isOwnUrl(event.url)) return;
    log('warn', 'lockdown.navigation');
    event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame) return;
    log('warn', 'lockdown.frame');
    event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
