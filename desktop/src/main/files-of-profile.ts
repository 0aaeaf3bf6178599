/** The small files main keeps in the profile's folder, beside the accounts of the core. */
import path from 'node:path';
import { z } from 'zod';
import { FIRST_SLOT } from '../ipc/account-slot.ts';
import { slotSchema } from '../ipc/accounts.ts';
import type { Preferences } from '../ipc/views.ts';
import type { JsonFile } from './json-file.ts';
import { openJsonFile } from './json-file.ts';
import { emptyNetworkFile, networkFileSchema, type NetworkFile } from './network-routes.ts';
import { defaultPreferences, storedPreferencesSchema } from './preferences.ts';
import type { WindowState } from './window-state.ts';
import { noWindowState, windowStateSchema } from './window-state.ts';

/** Facts about the profile itself. */
export interface ProfileState {
  /** Keeps the keyring entries of two profiles on one computer apart. */
  readonly profileId: string;
  /** Whether it was explained that closing the window leaves the app running. */
  readonly hasExplainedTray: boolean;
  /** Slot of the account that was shown last. */
  readonly account: string;
}

/** The files of one profile. */
export interface ProfileFiles {
  readonly preferences: JsonFile<Preferences>;
  readonly window: JsonFile<WindowState>;
  readonly profile: JsonFile<ProfileState>;
  readonly network: JsonFile<NetworkFile>;
  /** Resolves when all of them are on disk. */
  flush(): Promise<void>;
}

const profileSchema = z.object({
  profileId: z.uuid(),
  hasExplainedTray: z.boolean().catch(false),
  account: slotSchema.catch(FIRST_SLOT),
});

/**
 * Opens the files.
 * @param newId makes the id of a profile that has none yet
 */
export function openProfileFiles(folder: string, newId: () => string): ProfileFiles {
  const preferences = openJsonFile(
    path.join(folder, 'preferences.json'),
    storedPreferencesSchema,
    defaultPreferences,
  );
  const window = openJsonFile(path.join(folder, 'window.json'), windowStateSchema, noWindowState);
  const network = openJsonFile(path.join(folder, 'network.json'), networkFileSchema, emptyNetworkFile);
  const fresh: ProfileState = { profileId: newId(), hasExplainedTray: false, account: FIRST_SLOT };
  const profile = openJsonFile(path.join(folder, 'profile.json'), profileSchema, fresh);
  // A profile id that was made just now must be the same at the next start.
  if (profile.value === fresh) void profile.save(fresh).catch(() => {});
  return {
    preferences,
    window,
    profile,
    network,
    flush: async () => {
      await Promise.allSettled([preferences.flush(), window.flush(), profile.flush(), network.flush()]);
    },
  };
}
