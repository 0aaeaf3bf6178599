/**
 * The keyring: where the sign-in is kept between runs. Owns the one place that knows keytar, and that it is asked one
 * thing at a time: each open question takes a thread of this process. A computer without a keyring, or with one whose
 * unlocking was refused, answers KEYRING_MISSING, one that takes longer than a minute KEYRING_SILENT; nothing is ever
 * written anywhere else instead.
 */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';

/** Secrets by account key. */
export interface Keyring {
  get(account: string): Promise<Result<string | null, ErrorBody>>;
  set(account: string, secret: string): Promise<Result<null, ErrorBody>>;
  delete(account: string): Promise<Result<null, ErrorBody>>;
}

/** The part of keytar that is used. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/** Name under which people find the entries in their keyring. */
export const KEYRING_SERVICE = 'Curlew';
/** A locked keyring asks for its password; people get this long to type it before whoever waits is told. */
const UNLOCK_TIMEOUT_MS = 60_000;

/**
 * The computer's keyring.
 * @param load loads keytar; may fail where its library is missing
 * @param profile prefix of every account key, so that two profiles on one computer do not share a sign-in
 */
export function systemKeyring(load: () => Promise<Keytar>, profile: string): Keyring {
  let keytar: Promise<Keytar> | undefined;
  /** Ends with the question asked last. */
  let busy: Promise<unknown> = Promise.resolve();

  function loaded(): Promise<Keytar> {
    // A library that could not be loaded may be there the next time.
    keytar ??= load().catch((cause: unknown) => {
      keytar = undefined;
      throw cause;
    });
    return keytar;
  }

  async function ask<T>(run: (loaded: Keytar) => Promise<T>): Promise<Result<T, ErrorBody>> {
    try {
      return ok(await run(await loaded()));
    } catch (cause) {
      const detail = cause instanceof Error ? cause.name : 'unknown';
      return err(errorBody('KEYRING_MISSING', { detail }));
    }
  }

  function attempt<T>(run: (loaded: Keytar) => Promise<T>): Promise<Result<T, ErrorBody>> {
    return new Promise((resolve) => {
      let isGivenUp = false;
      const timer = setTimeout(() => {
        isGivenUp = true;
        resolve(err(errorBody('KEYRING_SILENT')));
      }, UNLOCK_TIMEOUT_MS);
      busy = busy.then(async () => {
        // Whoever asked was told that there is no answer, and asks again.
        if (isGivenUp) return;
        const answer = await ask(run);
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }

  const key = (account: string): string => `${profile}/${account}`;
  return {
    get: (account) => attempt((loaded) => loaded.getPassword(KEYRING_SERVICE, key(account))),
    set: (account, secret) =>
      attempt(async (loaded) => {
        await loaded.setPassword(KEYRING_SERVICE, key(account), secret);
        return null;
      }),
    delete: (account) =>
      attempt(async (loaded) => {
        await loaded.deletePassword(KEYRING_SERVICE, key(account));
        return null;
      }),
  };
}

/** A computer without a keyring. */
export function missingKeyring(): Keyring {
  const answer = Promise.resolve(err(errorBody('KEYRING_MISSING')));
  return { get: () => answer, set: () => answer, delete: () => answer };
}
