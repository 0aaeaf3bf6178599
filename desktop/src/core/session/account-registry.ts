/**
 * The accounts this device knows: `accounts.json`. Owns who is signed in where, so that a restart without network shows
 * everything at once. Holds no tokens; those live in the keyring.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { uuidSchema } from '@curlew/shared/domain/ids.ts';
import { orgRoleSchema } from '@curlew/shared/domain/entries.ts';

const accountSchema = z.object({
  /** Name of the account's folder and of its keyring entry. Never changes, also when the device id does. */
  accountId: uuidSchema,
  serverUrl: z.string(),
  userId: uuidSchema,
  deviceId: uuidSchema,
  email: z.string(),
  name: z.string(),
  orgs: z.array(z.object({ id: uuidSchema, name: z.string(), role: orgRoleSchema })),
  /** The sign-in is gone; messages stay readable. */
  needsSignIn: z.boolean(),
});
/** See {@link accountSchema}. */
export type Account = z.infer<typeof accountSchema>;

const fileSchema = z.object({
  version: z.literal(1),
  current: uuidSchema.nullable(),
  lastServerUrl: z.string().nullable(),
  accounts: z.array(accountSchema),
});
type RegistryFile = z.infer<typeof fileSchema>;

const EMPTY: RegistryFile = { version: 1, current: null, lastServerUrl: null, accounts: [] };

/** The registry of one data folder. Every change is on disk when its call returns. */
export class AccountRegistry {
  readonly #dataDir: string;
  readonly #wasSetAside: boolean;
  #file: RegistryFile;

  /**
   * Reads the file. One that cannot be read is set aside, never overwritten; signing in finds the accounts' folders again
   * (`account-folders.ts`).
   * @param nowMs wall clock, for the name of a file that is set aside
   */
  constructor(dataDir: string, nowMs: number) {
    this.#dataDir = dataDir;
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const { file, wasSetAside } = readRegistry(join(dataDir, 'accounts.json'), nowMs);
    this.#file = file;
    this.#wasSetAside = wasSetAside;
  }

  /** The account to open at start. */
  current(): Account | undefined {
    return this.#file.accounts.find((account) => account.accountId === this.#file.current);
  }

  /** The account of an email address on a server, signed in or not. */
  findByEmail(serverUrl: string, email: string): Account | undefined {
    const wanted = email.trim().toLowerCase();
    return this.#file.accounts.find(
      (account) => account.serverUrl === serverUrl && account.email.toLowerCase() === wanted,
    );
  }

  /** The account of a person on a server, signed in or not. */
  findByUser(serverUrl: string, userId: string): Account | undefined {
    return this.#file.accounts.find((it) => it.serverUrl === serverUrl && it.userId === userId);
  }

  /** Whether a folder belongs to an account of this file. */
  isKnown(accountId: string): boolean {
    return this.#file.accounts.some((account) => account.accountId === accountId);
  }

  /** Whether this start found a file it could not read, and set it aside. */
  get wasSetAside(): boolean {
    return this.#wasSetAside;
  }

  /** How many accounts there are. */
  count(): number {
    return this.#file.accounts.length;
  }

  /** The server last signed in to, to offer it again. */
  lastServerUrl(): string | null {
    return this.#file.lastServerUrl;
  }

  /** Adds or replaces an account and makes it the current one. */
  putCurrent(account: Account): void {
    const others = this.#file.accounts.filter((it) => it.accountId !== account.accountId);
    this.#write({
      version: 1,
      current: account.accountId,
      lastServerUrl: account.serverUrl,
      accounts: [...others, account],
    });
  }

  /** Changes a known account; unknown ones are ignored. */
  update(accountId: string, change: Partial<Account>): void {
    const accounts = this.#file.accounts.map((it) =>
      it.accountId === accountId ? { ...it, ...change } : it,
    );
    this.#write({ ...this.#file, accounts });
  }

  /** Forgets an account. */
  remove(accountId: string): void {
    const accounts = this.#file.accounts.filter((it) => it.accountId !== accountId);
    const current = this.#file.current === accountId ? null : this.#file.current;
    this.#write({ ...this.#file, current, accounts });
  }

  #write(file: RegistryFile): void {
    const path = join(this.#dataDir, 'accounts.json');
    const temporary = `${path}.new`;
    const handle = openSync(temporary, 'w', 0o600);
    try {
      writeSync(handle, `${JSON.stringify(file, null, 2)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, path);
    this.#file = file;
  }
}

/** Where an account keeps its databases. */
export function accountDir(dataDir: string, accountId: string): string {
  return join(dataDir, 'accounts', accountId);
}

/** Deletes everything an account keeps on this disk. */
export function wipeAccountDir(dataDir: string, accountId: string): void {
  rmSync(accountDir(dataDir, accountId), { recursive: true, force: true });
}

function readRegistry(path: string, nowMs: number): { file: RegistryFile; wasSetAside: boolean } {
  try {
    return { file: fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))), wasSetAside: false };
  } catch (error) {
    // Missing: the first start, or nobody was ever signed in here.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { file: EMPTY, wasSetAside: false };
  }
  // Damaged by a crash of the disk, or of a newer version: the next write must not be the end of it.
  renameSync(path, `${path}.damaged-${nowMs}`);
  return { file: EMPTY, wasSetAside: true };
}
