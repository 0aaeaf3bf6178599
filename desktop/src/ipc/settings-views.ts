/** What pages of Settings show that is no preference: devices, and what the app runs on. */

/** A device in Settings. */
export interface DeviceRow {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly lastSeenMs: number | null;
  readonly isCurrent: boolean;
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
