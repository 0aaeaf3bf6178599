/** The server address of the sign-in screens: what is typed, whether it answers, and what it says about itself. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { invoke } from '../../lib/bridge.ts';

/** What is known about the address. */
export type ServerStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'found'; readonly info: IntentAnswer<'session.probe'> }
  | { readonly kind: 'failed'; readonly error: ErrorBody };

/** The address and its status. */
export interface ServerField {
  readonly address: string;
  readonly status: ServerStatus;
  readonly setAddress: (address: string) => void;
  /** Looks for the server; resolves to whether it answered. */
  readonly probe: () => Promise<boolean>;
  /** Back to typing. */
  readonly change: () => void;
}

/** `known` is looked for at once. */
export function useServer(known: string | null): ServerField {
  const [address, setAddress] = useState(known ?? '');
  const [status, setStatus] = useState<ServerStatus>({ kind: 'idle' });
  const attempt = useRef(0);
  const look = useCallback(async (serverUrl: string) => {
    attempt.current += 1;
    const mine = attempt.current;
    setStatus({ kind: 'checking' });
    const result = await invoke('session.probe', { serverUrl });
    if (mine !== attempt.current) return false;
    setStatus(result.ok ? { kind: 'found', info: result.value } : { kind: 'failed', error: result.error });
    return result.ok;
  }, []);
  useEffect(() => {
    if (known) void look(known);
  }, [known, look]);
  return {
    address,
    status,
    setAddress: (next) => {
      attempt.current += 1;
      setAddress(next);
      setStatus({ kind: 'idle' });
    },
    probe: () => look(address.trim()),
    change: () => {
      attempt.current += 1;
      setStatus({ kind: 'idle' });
    },
  };
}
