/**
 * How this device reaches its servers: the settings of a person, or those of the computer. Owns which route a URL takes,
 * and where the parts are kept: settings and certificates in `network.json`, the proxy's password in the keyring or, where
 * there is none, in memory. Every part of the app that opens a connection asks here.
 */
import { z } from 'zod';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import type { NetworkRoute } from '../ipc/core-port.ts';
import {
  defaultNetworkSettings,
  networkSettingsSchema,
  type NetworkMeta,
  type NetworkSettings,
} from '../ipc/network.ts';
import { readAuthorityFile, type AuthorityFile } from './authority-file.ts';
import type { JsonFile } from './json-file.ts';
import type { Keyring } from './keyring.ts';
import { proxyFromRules } from './proxy-rules.ts';

/** What is kept in `network.json`. */
export interface NetworkFile {
  readonly settings: NetworkSettings;
  /** Whether the keyring has the password, so that nothing needs to ask it to say so. */
  readonly hasPassword: boolean;
  /** Certificates to trust beside those every computer knows, PEM. */
  readonly authorities: readonly string[];
}

/** A new device's. */
export const emptyNetworkFile: NetworkFile = {
  settings: defaultNetworkSettings,
  hasPassword: false,
  authorities: [],
};

/** Reads the file's form. Settings that are not valid any more are those of the computer again. */
export const networkFileSchema: z.ZodType<NetworkFile> = z.object({
  settings: networkSettingsSchema.catch(defaultNetworkSettings),
  hasPassword: z.boolean().catch(false),
  authorities: z.array(z.string()).catch([]),
});

/** What Chromium's sessions are told, in the form of Electron's `session.setProxy`. */
export type SessionProxy =
  | { readonly mode: 'system' | 'direct' }
  | { readonly mode: 'pac_script'; readonly pacScript: string }
  | { readonly mode: 'fixed_servers'; readonly proxyRules: string; readonly proxyBypassRules: string };

/** What this needs of the computer. */
export interface NetworkPorts {
  readonly file: JsonFile<NetworkFile>;
  readonly keyring: Keyring;
  /** Certificates that an administrator named for this computer, PEM. */
  readonly administered: Promise<readonly string[]>;
  /** Chromium's answer for a URL under some settings, as a PAC file says it; empty when there is none. */
  resolveProxy(url: string, proxy: SessionProxy): Promise<string>;
  /** The settings or certificates are others now. */
  changed(meta: NetworkMeta): void;
  nowMs(): number;
}

/** The entry of the proxy's password in the keyring. */
export const PROXY_PASSWORD = 'proxy';

/** See the file's head. */
export class NetworkRoutes {
  readonly #ports: NetworkPorts;
  /** Undefined: the keyring was not asked yet. */
  #password: string | null | undefined;
  #isThisRunOnly = false;

  constructor(ports: NetworkPorts) {
    this.#ports = ports;
    if (!ports.file.value.hasPassword) this.#password = null;
  }

  /** What Settings shows. */
  get meta(): NetworkMeta {
    const { settings, hasPassword, authorities } = this.#ports.file.value;
    const read = authorities.length > 0 ? readAuthorityFile(authorities.join('\n'), 0) : undefined;
    return {
      settings,
      password: hasPassword ? 'kept' : this.#isThisRunOnly ? 'thisRunOnly' : 'none',
      authority: read && 'facts' in read ? read.facts : null,
    };
  }

  /** What Chromium's sessions are to use. */
  get sessionProxy(): SessionProxy {
    return sessionProxyOf(this.#ports.file.value.settings);
  }

  /** Certificates to trust beside those every computer knows, PEM. */
  async authorities(): Promise<readonly string[]> {
    return [...(await this.#ports.administered), ...this.#ports.file.value.authorities];
  }

  /** How to reach a URL. */
  async forUrl(url: string): Promise<Result<NetworkRoute, ErrorBody>> {
    const { settings } = this.#ports.file.value;
    const password = settings.mode === 'manual' ? await this.#knownPassword() : null;
    return this.#route(url, settings, password);
  }

  /** How a URL would be reached by other settings. `typed`: a password; else the one that is kept, if it is theirs. */
  async tryOut(
    url: string,
    settings: NetworkSettings,
    typed: string | undefined,
  ): Promise<Result<NetworkRoute, ErrorBody>> {
    const isTheirs = isSameProxy(settings, this.#ports.file.value.settings);
    return this.#route(url, settings, typed ?? (isTheirs ? await this.#knownPassword() : null));
  }

  /** User and password of the proxy, for whoever is asked for them by that very proxy. */
  async credentials(asking: {
    readonly host: string;
    readonly port: number;
  }): Promise<{ readonly user: string; readonly password: string } | null> {
    const { mode, host, port, user } = this.#ports.file.value.settings;
    if (mode !== 'manual' || user === '' || port !== asking.port || bare(host) !== bare(asking.host))
      return null;
    return { user, password: (await this.#knownPassword()) ?? '' };
  }

  /**
   * Goes over to other settings. A password that was kept for another proxy or user is forgotten: nobody else gets it.
   * @returns DISK_FULL when they hold for this run alone
   */
  async set(settings: NetworkSettings, typed: string | undefined): Promise<Result<null, ErrorBody>> {
    const { file, keyring } = this.#ports;
    const before = file.value;
    const isTheirs = settings.user !== '' && isSameProxy(settings, before.settings);
    let { hasPassword } = before;
    if (typed !== undefined && settings.user !== '') {
      this.#password = typed;
      hasPassword = (await keyring.set(PROXY_PASSWORD, typed)).ok;
      this.#isThisRunOnly = !hasPassword;
    } else if (!isTheirs) {
      this.#password = null;
      this.#isThisRunOnly = false;
      if (hasPassword) await keyring.delete(PROXY_PASSWORD);
      hasPassword = false;
    }
    return this.#save({ ...before, settings, hasPassword });
  }

  /** Trusts the certificates of a file, or says why not. */
  async trust(text: string): Promise<Result<AuthorityFile, ErrorBody>> {
    const read = readAuthorityFile(text, this.#ports.nowMs());
    if ('fault' in read) return ok(read);
    const saved = await this.#save({ ...this.#ports.file.value, authorities: read.pem });
    return saved.ok ? ok(read) : saved;
  }

  /** Trusts nobody but those every computer knows, and those of an administrator. */
  distrust(): Promise<Result<null, ErrorBody>> {
    return this.#save({ ...this.#ports.file.value, authorities: [] });
  }

  async #route(
    url: string,
    settings: NetworkSettings,
    password: string | null,
  ): Promise<Result<NetworkRoute, ErrorBody>> {
    const ca = await this.authorities();
    const { mode, type, host, port, user } = settings;
    if (mode === 'none') return ok({ ca });
    if (mode === 'manual') {
      const auth = user === '' ? {} : { auth: { user, password: password ?? '' } };
      return ok({ ca, proxy: { type, host: bare(host), port, ...auth } });
    }
    const rules = await this.#ports.resolveProxy(url, sessionProxyOf(settings));
    // Without its PAC file nobody knows the way; going around the proxy is what it was set to prevent.
    if (mode === 'pac' && rules.trim() === '') return err(errorBody('PROXY_UNREACHABLE', { detail: 'PAC' }));
    const proxy = proxyFromRules(rules);
    return ok({ ca, ...(proxy ? { proxy } : {}) });
  }

  async #knownPassword(): Promise<string | null> {
    if (this.#password !== undefined) return this.#password;
    const found = await this.#ports.keyring.get(PROXY_PASSWORD);
    // A keyring that is locked may be open the next time; until then the proxy says what is missing.
    if (!found.ok) return null;
    this.#password = found.value;
    return found.value;
  }

  async #save(next: NetworkFile): Promise<Result<null, ErrorBody>> {
    const { file } = this.#ports;
    const saved = file.save(next);
    this.#ports.changed(this.meta);
    try {
      await saved;
      return ok(null);
    } catch {
      return err(errorBody('DISK_FULL'));
    }
  }
}

/** Whether a password for the one is a password for the other. */
function isSameProxy(one: NetworkSettings, other: NetworkSettings): boolean {
  return (
    one.type === other.type &&
    bare(one.host) === bare(other.host) &&
    one.port === other.port &&
    one.user === other.user
  );
}

/** A host as sockets want it: an IPv6 address without brackets. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/u, '$1').toLowerCase();
}

/** Settings in Chromium's form. A proxy set by hand is used for everything, as it is by the core. */
export function sessionProxyOf(settings: NetworkSettings): SessionProxy {
  const { mode, pacUrl, type, host, port } = settings;
  if (mode === 'system') return { mode: 'system' };
  if (mode === 'none') return { mode: 'direct' };
  if (mode === 'pac') return { mode: 'pac_script', pacScript: pacUrl };
  const name = bare(host);
  const at = `${name.includes(':') ? `[${name}]` : name}:${port}`;
  return { mode: 'fixed_servers', proxyRules: `${type}://${at}`, proxyBypassRules: '<-loopback>' };
}
