import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preferencesSchema } from '../ipc/views.ts';
import { openJsonFile } from './json-file.ts';
import { changePreferences, defaultPreferences, storedPreferencesSchema } from './preferences.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'curlew-preferences-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const openPreferences = () =>
  openJsonFile(path.join(folder, 'preferences.json'), storedPreferencesSchema, defaultPreferences);

describe('preferences', () => {
  it('starts with valid defaults where there is no file', () => {
    expect(openPreferences().value).toEqual(defaultPreferences);
    expect(preferencesSchema.parse(defaultPreferences)).toEqual(defaultPreferences);
  });

  it('keeps a change across a restart', async () => {
    const preferences = openPreferences();
    await preferences.save(changePreferences(preferences.value, { theme: 'dark', density: undefined }));
    expect(openPreferences().value).toEqual({ ...defaultPreferences, theme: 'dark' });
  });

  it.each(['', '{', 'null', '[]', '"dark"', '\u0000'])(
    'starts with the defaults when the file says %j',
    async (text) => {
      await writeFile(path.join(folder, 'preferences.json'), text);
      expect(openPreferences().value).toEqual(defaultPreferences);
    },
  );

  it('keeps what is valid of a file that another version wrote', async () => {
    const stored = { ...defaultPreferences, theme: 'dark', density: 'roomy', messageScale: 3, colour: 'red' };
    await writeFile(path.join(folder, 'preferences.json'), JSON.stringify(stored));
    expect(openPreferences().value).toEqual({ ...defaultPreferences, theme: 'dark' });
  });

  it('writes the last of many changes and leaves nothing half written behind', async () => {
    const preferences = openPreferences();
    const saves = (['light', 'dark', 'system', 'dark'] as const).map((theme) =>
      preferences.save({ ...preferences.value, theme }),
    );
    await Promise.all(saves);
    const text = await readFile(path.join(folder, 'preferences.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({ ...defaultPreferences, theme: 'dark' });
    expect(await readdir(folder)).toEqual(['preferences.json']);
  });

  it('holds a change for this run and says so when it cannot be written', async () => {
    await writeFile(path.join(folder, 'file'), '');
    const preferences = openJsonFile(
      path.join(folder, 'file', 'preferences.json'),
      storedPreferencesSchema,
      defaultPreferences,
    );
    await expect(preferences.save({ ...defaultPreferences, theme: 'dark' })).rejects.toThrow();
    expect(preferences.value.theme).toBe('dark');
  });
});
