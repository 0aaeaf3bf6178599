/** The presence I chose, as my own windows show it: also offline, and until its time. */
import { useEffect, useState } from 'react';
import type { AccountMeta } from '../../ipc/views.ts';
import { errorText } from '../i18n/index.ts';
import { invoke } from './bridge.ts';
import { showToast } from './toast.ts';
import { useMeta } from './use-view.ts';

const longestTimerMs = 86_400_000;

/** The chosen state while it holds, or null. */
export function useOwnStatus(): AccountMeta['status'] {
  const status = useMeta('account', {})?.status ?? null;
  const untilMs = status?.untilMs ?? null;
  const [, setEnded] = useState(0);
  useEffect(() => {
    if (untilMs === null || untilMs <= Date.now()) return undefined;
    const waitMs = Math.min(untilMs - Date.now(), longestTimerMs);
    const timer = setTimeout(() => setEnded((count) => count + 1), waitMs);
    return () => clearTimeout(timer);
  });
  return untilMs === null || untilMs > Date.now() ? status : null;
}

/** Chooses a presence; a refusal becomes a toast. */
export async function setOwnStatus(status: AccountMeta['status']): Promise<void> {
  const result = await invoke('account.setStatus', { status });
  if (!result.ok) showToast({ text: errorText(result.error) });
}
