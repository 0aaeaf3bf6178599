/**
 * Updates of this app: looks for one, fetches it, and says so. Owns the state that is shown, and when to look. Never
 * restarts by itself: a person does, or the update is installed when the app ends anyway. Nothing here knows of messages;
 * what waits in the outbox waits through an update as through any other end of the app.
 */
import type { UpdatesMeta } from '../../ipc/settings-views.ts';
import { errorFacts } from '../error-facts.ts';
import type { Log } from '../log-file.ts';
import { deadlineOf, feedUrlOf, type ClientPolicy, type UpdateOrigin } from './update-policy.ts';

/** How often to look. A day is what people who leave the app running for weeks need; the first look is at once. */
export const CHECK_EVERY_MS = 6 * 3_600_000;

/** Where no update can come from. */
export const noUpdates: UpdatesMeta = {
  state: 'off',
  version: null,
  percent: null,
  checkedAtMs: null,
  deadline: null,
};

/** What fetches and installs. Each call may fail; what is fetched by then is kept. */
export interface Updater {
  /**
   * Looks at the feed and fetches what is newer.
   * @returns the version that is ready to be installed; null: this one is the newest for this computer
   */
  fetch(feedUrl: string, onProgress: (version: string, percent: number) => void): Promise<string | null>;
}

/** What it needs. */
export interface UpdatesPorts {
  readonly version: string;
  readonly origin: UpdateOrigin;
  /** `CURLEW_UPDATE_FEED`. */
  readonly administeredFeed: string | undefined;
  /** Undefined where the app cannot be replaced, as in development. */
  readonly updater: Updater | undefined;
  publish(meta: UpdatesMeta): void;
  nowMs(): number;
  log: Log;
}

/** See the file's head. */
export class Updates {
  readonly #ports: UpdatesPorts;
  #policy: ClientPolicy = { feedUrl: null, minimum: null };
  #isFetching = false;
  #meta: UpdatesMeta;

  constructor(ports: UpdatesPorts) {
    this.#ports = ports;
    this.#meta = { ...noUpdates, state: this.#feedUrl() === undefined ? 'off' : 'idle' };
  }

  /** What is known now. */
  get meta(): UpdatesMeta {
    return this.#meta;
  }

  /** What the server of this session says, each time it was asked; null when there is no session. */
  setPolicy(policy: ClientPolicy | null): void {
    this.#policy = policy ?? { feedUrl: null, minimum: null };
    const feedUrl = this.#feedUrl();
    if (feedUrl === undefined && this.#meta.state !== 'ready') this.#know({ state: 'off' });
    else if (feedUrl !== undefined && this.#meta.state === 'off') this.#know({ state: 'idle' });
    this.tick();
  }

  /** Time passed: the deadline may be nearer. */
  tick(): void {
    const deadline = deadlineOf(this.#ports.version, this.#policy.minimum, this.#ports.nowMs());
    if (JSON.stringify(deadline) !== JSON.stringify(this.#meta.deadline)) this.#know({ deadline });
  }

  /** Looks for an update and fetches it. One look at a time; a second one while it goes on is the same look. */
  async check(): Promise<void> {
    const { updater, log, nowMs } = this.#ports;
    const feedUrl = this.#feedUrl();
    if (updater === undefined || feedUrl === undefined || this.#isFetching) return;
    this.#isFetching = true;
    const hadReady = this.#meta.state === 'ready' ? this.#meta.version : null;
    if (hadReady === null) this.#know({ state: 'checking', version: null, percent: null });
    try {
      const version = await updater.fetch(feedUrl, (newer, percent) =>
        this.#know({ state: 'downloading', version: newer, percent: Math.round(percent) }),
      );
      const ready = version ?? hadReady;
      if (version !== null) log('info', 'update.ready', { version });
      this.#know({
        state: ready === null ? 'current' : 'ready',
        version: ready,
        percent: null,
        checkedAtMs: nowMs(),
      });
    } catch (error) {
      log('warn', 'update.failed', { ...errorFacts(error) });
      this.#know({ state: hadReady === null ? 'failed' : 'ready', version: hadReady, percent: null });
    } finally {
      this.#isFetching = false;
    }
  }

  #feedUrl(): string | undefined {
    const { updater, administeredFeed, origin } = this.#ports;
    return updater && feedUrlOf(administeredFeed, this.#policy.feedUrl, origin);
  }

  #know(facts: Partial<UpdatesMeta>): void {
    this.#meta = { ...this.#meta, ...facts };
    this.#ports.publish(this.#meta);
  }
}
