/** What Settings > About shows. Owns where each fact comes from; the server says its own. */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { IntentName } from '../ipc/intents.ts';
import { intents } from '../ipc/intents.ts';
import type { AboutMeta } from '../ipc/settings-views.ts';
import { MAIN_WINDOW_ID } from './own-views.ts';
import type { ClientPolicy } from './updates/update-policy.ts';

/** The Electron that package.json names; running on another one means on the fallback for closed networks. */
export const declaredElectron: string = manifest.devDependencies.electron;

interface Prober {
  intent(windowId: number, name: IntentName, request: unknown): Promise<Result<unknown, ErrorBody>>;
}

/** See the file's head. */
export class AboutFacts {
  readonly #onChange: (meta: AboutMeta) => void;
  #meta: AboutMeta;

  /** @param version of this app */
  constructor(
    version: string,
    versions: Readonly<Record<string, string | undefined>>,
    onChange: (meta: AboutMeta) => void,
  ) {
    this.#onChange = onChange;
    const electron = versions['electron'] ?? '';
    this.#meta = {
      version,
      electron,
      node: versions['node'] ?? '',
      chrome: versions['chrome'] ?? '',
      sqlite: '',
      runtime: electron === declaredElectron ? 'declared' : 'fallback',
      declaredElectron,
      serverUrl: null,
      serverVersion: null,
    };
  }

  /** What is known now. */
  get meta(): AboutMeta {
    return this.#meta;
  }

  /** Adds what became known. */
  know(facts: Partial<AboutMeta>): void {
    this.#meta = { ...this.#meta, ...facts };
    this.#onChange(this.#meta);
  }

  /** The session's server changed; its version is that of another one. */
  setServer(serverUrl: string | null): void {
    if (serverUrl !== this.#meta.serverUrl) this.know({ serverUrl, serverVersion: null });
  }

  /**
   * Asks the server for its version, which may have changed since. Offline the last one stays.
   * @returns what it asks of the apps that use it; undefined when it was not reached
   */
  async refresh(core: Prober): Promise<ClientPolicy | undefined> {
    const { serverUrl } = this.#meta;
    if (serverUrl === null) return undefined;
    const answer = await core.intent(MAIN_WINDOW_ID, 'session.probe', { serverUrl });
    if (!answer.ok || this.#meta.serverUrl !== serverUrl) return undefined;
    const probed = intents['session.probe'].answer.safeParse(answer.value);
    if (!probed.success) return undefined;
    this.know({ serverVersion: probed.data.version });
    return probed.data.client;
  }
}
