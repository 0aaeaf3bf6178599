/** What pages of Settings show that is no preference: devices, and what the app runs on. */

/** A device in Settings. */
export interface DeviceRow {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly lastSeenMs: number | null;
  readonly isCurrent: boolean;
  /** Where on the network it was last used; null: the server does not know. */
  readonly address: string | null;
}

/**
 * When the server stops taking this version of the app (ms since 1970), and how near that is: within 30 days, 7, 1, or
 * behind us.
 */
export interface UpdateDeadline {
  readonly version: string;
  readonly atMs: number;
  readonly stage: 'days30' | 'days7' | 'day1' | 'passed';
}

/** Updates of the app. `off`: this copy never updates itself; whoever installed it does. */
export interface UpdatesMeta {
  readonly state: 'off' | 'idle' | 'checking' | 'current' | 'downloading' | 'ready' | 'failed';
  /** The version that is being fetched, or ready. */
  readonly version: string | null;
  /** How much of it is here, while `downloading`. */
  readonly percent: number | null;
  /** Last time the feed was read, ms since 1970. */
  readonly checkedAtMs: number | null;
  readonly deadline: UpdateDeadline | null;
}

/** What Settings > About shows. */
export interface AboutMeta {
  readonly version: string;
  readonly electron: string;
  readonly node: string;
  readonly chrome: string;
  readonly sqlite: string;
  /** Whether this runs on the declared Electron or on the fallback for closed networks. */
  readonly runtime: 'declared' | 'fallback';
  readonly declaredElectron: string;
  readonly serverUrl: string | null;
  readonly serverVersion: string | null;
}

/** Spell checking on this device. */
export interface SpellingMeta {
  /** Languages that can be checked here; null where the system chooses them by itself. */
  readonly languages: readonly string[] | null;
  readonly inUse: readonly string[];
  /** Their dictionaries are missing or cannot be used. */
  readonly refused: readonly string[];
}
