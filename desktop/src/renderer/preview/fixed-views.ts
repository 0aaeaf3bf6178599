/** Views that are the same in every made-up account, and what states of views are made with. */
import type { ViewState } from '../../ipc/feed.ts';
import type { AboutMeta, DeviceRow } from '../../ipc/settings-views.ts';
import type { ViewTypes } from '../../ipc/views.ts';

/** A readable, valid UUID. */
export function fakeId(kind: number, index: number): string {
  return `00000000-0000-7000-8${String(kind).padStart(3, '0')}-${String(index).padStart(12, '0')}`;
}

/** A state of keyed rows. */
export function keyed<Row, Meta>(
  rows: readonly (readonly [string, Row])[],
  meta: Meta,
): ViewState<Row, Meta> {
  return { order: rows.map(([key]) => key), rows: Object.fromEntries(rows), meta };
}

/** A state without rows. */
export function metaOnly<Meta>(meta: Meta): ViewState<never, Meta> {
  return { order: [], rows: {}, meta };
}

/** Two devices. */
export function devicesState(): ViewState<DeviceRow, ViewTypes['devices']['meta']> {
  return keyed(
    [
      [
        fakeId(7, 1),
        {
          id: fakeId(7, 1),
          name: 'Workstation (Linux)',
          createdAtMs: Date.now() - 9e8,
          lastSeenMs: Date.now(),
          isCurrent: true,
          address: '192.0.2.14',
        },
      ],
      [
        fakeId(7, 2),
        {
          id: fakeId(7, 2),
          name: 'Maya’s laptop (macOS)',
          createdAtMs: Date.now() - 9e9,
          lastSeenMs: Date.now() - 1.2e6,
          isCurrent: false,
          address: '2001:db8::7',
        },
      ],
    ],
    { state: 'ready' as const, error: null },
  );
}

/** A version. */
export function aboutState(): ViewState<never, AboutMeta> {
  return metaOnly({
    version: '0.1.0',
    electron: '33.2.1',
    node: '20.18.1',
    chrome: '130.0.6723.137',
    sqlite: '3.47.0',
    runtime: 'fallback',
    declaredElectron: '45.4.1',
    serverUrl: 'https://messages.example.org',
    serverVersion: '0.1.0',
  });
}
