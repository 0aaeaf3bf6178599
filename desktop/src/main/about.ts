/** What Settings > About shows. Owns where each fact comes from; the server's version is asked when somebody looks. */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { IntentName } from '../ipc/intents.ts';
import { intents } from '../ipc/intents.ts';
import type { AboutMeta } from '../ipc/settings-views.ts';
import { MAIN_WINDOW_ID } from './session-watch.ts';

/** Version of this app. */
export const appVersion: string = manifest.version;
/** The Electron that package.json names; running on another one means on the fallback for closed networks. */
export const declaredElectron: string = manifest.devDependencies.electron;

interface Prober {
  intent(windowId: number, name: IntentName, request: unknown): Promise<Result<unknown, ErrorBody>>;
}

/** See the file's head. */
export class AboutFacts {
  readonly #onChange: (meta: AboutMeta) => void;
  #meta: AboutMeta;

  constructor(versions: Readonly<Record<string, string | undefined>>, onChange: (meta: AboutMeta) => void) {
    this.#onChange = onChange;
    const electron = versions['electron'] ?? '';
    this.#meta = {
      version: appVersion,
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

  /** Somebody looks: asks the server for its version, which may have changed since. Offline the last one stays. */
  async refresh(core: Prober): Promise<void> {
    const { serverUrl } = this.#meta;
    if (serverUrl === null) return;
    const answer = await core.intent(MAIN_WINDOW_ID, 'session.probe', { serverUrl });
    if (!answer.ok || this.#meta.serverUrl !== serverUrl) return;
    const probed = intents['session.probe'].answer.safeParse(answer.value);
    if (probed.success) this.know({ serverVersion: probed.data.version });
  }
}
