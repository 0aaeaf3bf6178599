/**
 * electron-updater, tied to what Curlew trusts. Owns the feed's signature check, the updater's own network session with
 * the computer's proxy and authorities, and installing. Loaded late: a start that looks for nothing pays nothing.
 */
import type { AuthInfo, Certificate, Session } from 'electron';
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js';
import type { LoginCallback } from 'electron-updater/out/electronHttpExecutor.js';
import type { AppUpdater, ResolvedUpdateFileInfo, UpdateInfo } from 'electron-updater';
import type { Log } from '../log-file.ts';
import type { NetworkRoutes } from '../network-routes.ts';
import { isFromOwnAuthority } from '../updates/own-authority.ts';
import { isSigned } from '../updates/update-policy.ts';
import type { Updater } from '../updates/updates.ts';

/** Chromium's codes of a certificate whose only fault is that nobody it knows issued it. */
const UNKNOWN_AUTHORITY = 'net::ERR_CERT_AUTHORITY_INVALID';
/** Answers of a certificate check: trust it, or believe Chromium. */
const TRUST = 0;
const AS_CHROMIUM_SAYS = -3;

/** What can be done with a fetched update. */
export interface AppUpdates extends Updater {
  /**
   * Installs what was fetched and starts the new version.
   * @returns false when it could not be installed, as when a person does not give the password
   */
  install(): Promise<boolean>;
  /** Goes the way of the network settings from now on. */
  reroute(): Promise<void>;
}

/** Prepares updating; nothing is loaded or asked before the first look. */
export function appUpdates(publicKey: string, network: NetworkRoutes, log: Log): AppUpdates {
  let loading: Promise<AppUpdater> | undefined;
  const load = (): Promise<AppUpdater> => (loading ??= loadUpdater(network, log));
  return {
    async fetch(feedUrl, onProgress) {
      const updater = await load();
      updater.setFeedURL({ provider: 'custom', updateProvider: await signedFeed(feedUrl, publicKey) });
      const found = await updater.checkForUpdates();
      if (!found?.isUpdateAvailable) return null;
      const { version } = found.updateInfo;
      const tell = ({ percent }: { percent: number }): void => onProgress(version, percent);
      updater.on('download-progress', tell);
      try {
        onProgress(version, 0);
        await updater.downloadUpdate();
      } finally {
        updater.off('download-progress', tell);
      }
      return version;
    },
    async reroute() {
      const updater = await loading;
      if (!updater) return;
      await updater.netSession.setProxy(network.sessionProxy);
      await updater.netSession.closeAllConnections();
    },
    async install() {
      const updater = await load();
      return await new Promise((resolve) => {
        updater.once('error', () => {
          // It was refused; ending the app must not ask again.
          updater.autoInstallOnAppQuit = false;
          resolve(false);
        });
        // On success it ends the app; the promise is then never looked at again.
        updater.quitAndInstall(false, true);
      });
    },
  };
}

/** Packages of a Linux system are installed by root. */
function asksForPassword(): boolean {
  return process.platform === 'linux' && process.env['APPIMAGE'] === undefined && process.getuid?.() !== 0;
}

async function loadUpdater(network: NetworkRoutes, log: Log): Promise<AppUpdater> {
  const { default: library } = await import('electron-updater');
  const updater = library.autoUpdater;
  updater.autoDownload = false;
  // Where installing asks for a password, it waits for "Restart to update": nobody is there when a computer shuts down.
  updater.autoInstallOnAppQuit = !asksForPassword();
  // An older version would open files that a newer one wrote.
  updater.allowDowngrade = false;
  updater.logger = null;
  updater.on('error', () => log('warn', 'update.error'));
  updater.on('login', proxyLogin(network));
  await openNetwork(updater.netSession, network);
  return updater;
}

/** How often a password may be asked for before it counts as wrong: requests that run at once each ask. */
const LOGIN_TRIES = 4;
const LOGIN_PAUSE_MS = 600_000;

/** Gives the proxy its password. Chromium asks again for as long as it is wrong, and an account may be locked by that. */
function proxyLogin(network: NetworkRoutes): (asking: AuthInfo, answer: LoginCallback) => void {
  let asked: number[] = [];
  return (asking, answer) => {
    const nowMs = Date.now();
    asked = [...asked.filter((atMs) => nowMs - atMs < LOGIN_PAUSE_MS), nowMs];
    // Called without anything it gives up, which the library's type does not know.
    const giveUp = answer as () => void;
    if (!asking.isProxy || asked.length > LOGIN_TRIES) return giveUp();
    void network.credentials(asking).then((known) => (known ? answer(known.user, known.password) : giveUp()));
  };
}

/** No page has this session: the refusals that hold for pages would only keep the updater from its feed. */
async function openNetwork(session: Session, network: NetworkRoutes): Promise<void> {
  session.webRequest.onBeforeRequest(null);
  session.setCertificateVerifyProc(({ hostname, certificate, verificationResult }, answer) => {
    if (verificationResult !== UNKNOWN_AUTHORITY) return answer(AS_CHROMIUM_SAYS);
    // Asked each time: the person may have named another authority meanwhile.
    void network.authorities().then((authorities) => {
      const isOwn = isFromOwnAuthority(hostname, chainOf(certificate), authorities, Date.now());
      answer(isOwn ? TRUST : AS_CHROMIUM_SAYS);
    });
  });
  await session.setProxy(network.sessionProxy);
}

function chainOf(certificate: Certificate): string[] {
  const chain: string[] = [];
  let next: Certificate | undefined = certificate;
  while (next && !chain.includes(next.data)) {
    chain.push(next.data);
    // The last one has none, whatever the type says.
    next = next.issuerCert as Certificate | undefined;
  }
  return chain;
}

/** A feed like electron-updater's generic one that is believed only with the signature beside it. */
async function signedFeed(feedUrl: string, publicKey: string) {
  const { default: library } = await import('electron-updater');
  const { default: parts } = await import('electron-updater/out/providers/Provider.js');
  return class SignedFeed extends library.Provider<UpdateInfo> {
    readonly #baseUrl = new URL(feedUrl.endsWith('/') ? feedUrl : `${feedUrl}/`);

    constructor(_options: unknown, _updater: unknown, runtime: ProviderRuntimeOptions) {
      super(runtime);
    }

    async getLatestVersion(): Promise<UpdateInfo> {
      const name = `${this.getDefaultChannelName()}.yml`;
      const url = this.#at(name);
      const [feed, signature] = await Promise.all([
        this.httpRequest(url),
        this.httpRequest(this.#at(`${name}.sig`)),
      ]);
      if (feed === null || signature === null || !isSigned(feed, signature, publicKey))
        throw new Error('the feed is not signed with the key of this build');
      return parts.parseUpdateInfo(feed, name, url);
    }

    resolveFiles(info: UpdateInfo): ResolvedUpdateFileInfo[] {
      return parts.resolveFiles(info, this.#baseUrl);
    }

    #at(name: string): URL {
      const url = new URL(name, this.#baseUrl);
      // A cache on the way may hold yesterday's feed for a day; feed and signature must be of one moment.
      url.searchParams.set('t', String(Date.now()));
      return url;
    }
  };
}
