/** The keyring, seen from the core. Owns the seam; main answers it with the system's, tests with a map or a file. */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';

/** Secrets by account id. A system without one answers KEYRING_MISSING, one that does not answer KEYRING_SILENT. */
export interface Keyring {
  get(account: string): Promise<Result<string | null, ErrorBody>>;
  set(account: string, secret: string): Promise<Result<null, ErrorBody>>;
  delete(account: string): Promise<Result<null, ErrorBody>>;
}

/** A keyring that forgets with the process; `isMissing` plays a system without one. */
export function createMemoryKeyring(secrets = new Map<string, string>(), isMissing = false): Keyring {
  const missing = err(errorBody('KEYRING_MISSING'));
  return {
    get: (account) => Promise.resolve(isMissing ? missing : ok(secrets.get(account) ?? null)),
    set(account, secret) {
      if (isMissing) return Promise.resolve(missing);
      secrets.set(account, secret);
      return Promise.resolve(ok(null));
    },
    delete(account) {
      if (isMissing) return Promise.resolve(missing);
      secrets.delete(account);
      return Promise.resolve(ok(null));
    },
  };
}
