/** Ties the network settings to this computer: Chromium's proxies, its dialog for files, and the intents of the page. */
import { open } from 'node:fs/promises';
import { app, BrowserWindow, dialog, session } from 'electron';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { NetworkMeta } from '../../ipc/network.ts';
import { MAX_AUTHORITY_BYTES } from '../authority-file.ts';
import { readAuthorities } from '../extra-authorities.ts';
import type { LocalIntents } from '../ipc-host.ts';
import type { JsonFile } from '../json-file.ts';
import type { Keyring } from '../keyring.ts';
import { NetworkRoutes, type NetworkFile, type SessionProxy } from '../network-routes.ts';
import { testNetwork } from '../network-test.ts';

/** Builds the routes of this profile. */
export function composeNetwork(parts: {
  readonly file: JsonFile<NetworkFile>;
  readonly keyring: Keyring;
  changed(meta: NetworkMeta): void;
}): NetworkRoutes {
  return new NetworkRoutes({
    ...parts,
    administered: readAuthorities(process.env['NODE_EXTRA_CA_CERTS']),
    resolveProxy: proxyResolver(),
    nowMs: Date.now,
  });
}

/**
 * Asks Chromium, in the session of the pages: they have no connections of their own, and a session more would look for
 * dictionaries somewhere. One question at a time, since settings that are only tried out take their place meanwhile.
 */
function proxyResolver(): (url: string, proxy: SessionProxy) => Promise<string> {
  let used = JSON.stringify({ mode: 'system' } satisfies SessionProxy);
  let turn: Promise<unknown> = Promise.resolve();
  const ask = async (url: string, proxy: SessionProxy): Promise<string> => {
    await app.whenReady();
    const { defaultSession } = session;
    const wanted = JSON.stringify(proxy);
    if (wanted !== used) await defaultSession.setProxy(proxy);
    used = wanted;
    const rules = await defaultSession.resolveProxy(url);
    // A PAC file that could not be had is asked for again the next time, not when Chromium thinks it right.
    if (rules === '') await defaultSession.forceReloadProxyConfig();
    return rules;
  };
  return async (url, proxy) => {
    const answer = turn.then(() => ask(url, proxy)).catch(() => '');
    turn = answer;
    return answer;
  };
}

type NetworkIntents = Pick<
  LocalIntents,
  'network.set' | 'network.test' | 'network.chooseAuthority' | 'network.dropAuthority'
>;

/** Answers the intents of the page. */
export function networkIntentHandlers(routes: NetworkRoutes): NetworkIntents {
  return {
    'network.set': async ({ settings, password }) => {
      const saved = await routes.set(settings, password);
      return saved.ok ? ok({}) : saved;
    },
    'network.test': (request) => testNetwork(routes, request),
    'network.chooseAuthority': async () => {
      const text = await chooseText();
      if (text === null) return ok({ outcome: 'nothing' });
      if (text === undefined) return ok({ outcome: 'unreadable' });
      const trusted = await routes.trust(text);
      if (!trusted.ok) return trusted;
      return ok({ outcome: 'fault' in trusted.value ? trusted.value.fault : 'chosen' });
    },
    'network.dropAuthority': async () => {
      const dropped = await routes.distrust();
      return dropped.ok ? ok({}) : err(errorBody('DISK_FULL'));
    },
  };
}

/** The text of a file that a person chose: null when they chose none, undefined when it cannot be read. */
async function chooseText(): Promise<string | null | undefined> {
  const options = {
    properties: ['openFile'] satisfies 'openFile'[],
    filters: [
      { name: 'PEM', extensions: ['pem', 'crt', 'cer', 'ca-bundle'] },
      { name: '*', extensions: ['*'] },
    ],
  };
  const window = BrowserWindow.getFocusedWindow();
  const chosen = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  const [path] = chosen.filePaths;
  if (chosen.canceled || path === undefined) return null;
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      // Whatever it is, it holds no certificates; the rule says so for an empty text as well.
      return size > MAX_AUTHORITY_BYTES ? '' : await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
