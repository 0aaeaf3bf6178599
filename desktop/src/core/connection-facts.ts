/** The connection chip's words. Owns the mapping from the state machine to what a person is told. */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { ConnectionMeta } from '../ipc/views.ts';
import type { SyncState } from './sync/sync-cells.ts';

/** What to show for a state. A first attempt counts as updating, so that a start does not flash "offline". */
export function connectionFacts(
  state: SyncState,
  lastError: ErrorBody | null,
  needsSignIn: boolean,
): Pick<ConnectionMeta, 'state' | 'error'> {
  const error = state.code === null ? null : lastError;
  switch (state.name) {
    case 'SIGNED_OUT':
      return { state: needsSignIn || state.code !== null ? 'signInAgain' : 'idle', error };
    case 'OFFLINE':
      return { state: 'offline', error };
    case 'CONNECTING':
    case 'REAUTH':
      return { state: state.attempt > 0 ? 'offline' : 'updating', error };
    case 'HELLO':
    case 'VERIFY':
    case 'HEADS':
    case 'CATCH_UP':
      return { state: 'updating', error: null };
    case 'LIVE':
    case 'SUSPECT':
      return { state: 'connected', error: null };
    case 'FENCED':
      return { state: 'fenced', error };
    case 'UPGRADE':
      return { state: 'updateRequired', error };
  }
}
