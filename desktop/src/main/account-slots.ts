/**
 * Where the accounts of a profile lie. Owns the folders: the first account's files stand in the profile's folder itself,
 * as those of a profile with one account always did, every further one's in a folder of its own below `more-accounts/`.
 * Each folder is whole: `accounts.json` and `accounts/{accountId}/{outbox,cache}.db`, for one core alone.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { FIRST_SLOT } from '../ipc/account-slot.ts';
import { slotSchema } from '../ipc/accounts.ts';

/** Folder of a slot. */
export function slotFolder(profileDir: string, slot: string): string {
  return slot === FIRST_SLOT ? profileDir : path.join(profileDir, 'more-accounts', slot);
}

/** The slots there are, the first one always; folders that hold nothing of anybody are removed. */
export function openSlots(profileDir: string): string[] {
  const further = namesIn(path.join(profileDir, 'more-accounts'))
    .filter((name) => slotSchema.safeParse(name).success && name !== FIRST_SLOT)
    .toSorted((a, b) => Number(a) - Number(b));
  const kept = further.filter((slot) => {
    const folder = slotFolder(profileDir, slot);
    if (namesIn(path.join(folder, 'accounts')).length > 0) return true;
    rmSync(folder, { recursive: true, force: true });
    return false;
  });
  return [FIRST_SLOT, ...kept];
}

/** Makes the folder of one more slot. */
export function addSlot(profileDir: string, slots: readonly string[]): string {
  const slot = String(Math.max(...slots.map(Number)) + 1);
  mkdirSync(slotFolder(profileDir, slot), { recursive: true, mode: 0o700 });
  return slot;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nobody was ever signed in there.
    return [];
  }
}
