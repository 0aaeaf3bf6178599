/** Where a server keeps its files when nobody says otherwise. */
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The default data directory of this user: `/var/lib/curlew` for root (PostgreSQL runs as another user then, who could
 * not enter root's home), the platform's place for application data otherwise.
 */
export function defaultDataDir(): string {
  if (process.platform === 'win32') {
    return path.join(
      process.env['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'),
      'Curlew',
      'server',
    );
  }
  if (process.getuid?.() === 0) return '/var/lib/curlew';
  if (process.platform === 'darwin')
    return path.join(homedir(), 'Library', 'Application Support', 'Curlew', 'server');
  return path.join(process.env['XDG_DATA_HOME'] ?? path.join(homedir(), '.local', 'share'), 'curlew');
}
