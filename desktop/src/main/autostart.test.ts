import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { autostartEntry, autostartFile, setAutostart } from './autostart.ts';

it('goes where the session looks', () => {
  expect(autostartFile('/home/maya', undefined)).toBe('/home/maya/.config/autostart/curlew.desktop');
  expect(autostartFile('/home/maya', '/etc/maya')).toBe('/etc/maya/autostart/curlew.desktop');
  expect(autostartFile('/home/maya', 'relative')).toBe('/home/maya/.config/autostart/curlew.desktop');
});

it('quotes the command as desktop files do', () => {
  expect(autostartEntry(['/opt/My Apps/curlew', '--hidden'])).toContain(
    'Exec="/opt/My Apps/curlew" "--hidden"\n',
  );
  expect(autostartEntry(['/a$b/100%'])).toContain('Exec="/a\\\\$b/100%%"\n');
});

it('writes the file, and takes it away again', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'curlew-autostart-'));
  const file = autostartFile(folder, undefined);
  await setAutostart(file, ['/usr/bin/curlew']);
  expect(await readFile(file, 'utf8')).toBe(autostartEntry(['/usr/bin/curlew']));
  await setAutostart(file, null);
  await expect(access(file)).rejects.toThrow();
  await setAutostart(file, null);
  await rm(folder, { recursive: true });
});
