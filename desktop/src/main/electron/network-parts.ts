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

/** Asks Chromium. The computer's own settings and those of a PAC file are each a session of their own. */
function proxyResolver(): (url: string, proxy: SessionProxy) => Promise<string> {
  let pacUrl = '';
  let turn: Promise<unknown> = Promise.resolve();
  const byPac = async (url: string, wanted: string): Promise<string> => {
    const pac = session.fromPartition('curlew-pac');
    // A session looks for dictionaries as soon as it is made; this one has no page that anybody writes in.
    pac.setSpellCheckerEnabled(false);
    if (wanted !== pacUrl) await pac.setProxy({ mode: 'pac_script', pacScript: wanted });
    pacUrl = wanted;
    const rules = await pac.resolveProxy(url);
    // A file that could not be had is asked for again the next time, not when Chromium thinks it right.
    if (rules === '') await pac.forceReloadProxyConfig();
    return rules;
  };
  return async (url, proxy) => {
    await app.whenReady();
    if (proxy.mode !== 'pac_script') return session.defaultSession.resolveProxy(url);
    const answer = turn.then(() => byPac(url, proxy.pacScript)).catch(() => '');
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
