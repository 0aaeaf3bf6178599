/** The accounts of this profile, as this window knows them. */
import type { AccountRow } from '../../ipc/accounts.ts';
import { tell } from './bridge.ts';
import { useMeta } from './use-view.ts';

/** Which there are, and those that this window does not show. */
export function useAccounts(): {
  readonly current: string | undefined;
  readonly accounts: readonly AccountRow[];
  readonly others: readonly AccountRow[];
} {
  const meta = useMeta('accounts', {});
  const accounts = meta?.accounts ?? [];
  return { current: meta?.current, accounts, others: accounts.filter(({ id }) => id !== meta?.current) };
}

/** Shows another account in this window; its page takes the place of this one. */
export function showAccount(account: string): void {
  tell('accounts.show', { account });
}

/** Shows the sign-in of one more account. */
export function addAccount(): void {
  tell('accounts.add', {});
}

/** A server as people know it. */
export function hostOf(serverUrl: string): string {
  return serverUrl.replace(/^https?:\/\//u, '').replace(/\/$/u, '');
}
