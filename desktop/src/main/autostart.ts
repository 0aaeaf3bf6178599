/**
 * Starting with the session of a Linux desktop: a file in the folder of the XDG autostart specification. Owns that file;
 * macOS and Windows keep such a list themselves.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where the file is, given the environment of the session. */
export function autostartFile(home: string, configHome: string | undefined): string {
  // The specification asks to ignore a path that is not absolute.
  const config = configHome && path.isAbsolute(configHome) ? configHome : path.join(home, '.config');
  return path.join(config, 'autostart', 'curlew.desktop');
}

/** The file's content. */
export function autostartEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Curlew',
    'Icon=curlew',
    `Exec=${command.map(quoted).join(' ')}`,
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Writes or removes the file. */
export async function setAutostart(file: string, command: readonly string[] | null): Promise<void> {
  if (command === null) return await rm(file, { force: true });
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, autostartEntry(command));
}

/** As the Desktop Entry Specification, "The Exec key", quotes an argument; `%` begins a field code. */
function quoted(argument: string): string {
  const escaped = argument.replaceAll(/["`$\\]/gu, '\\$&').replaceAll('%', '%%');
  // The value is a string of the file first, in which a backslash is written twice.
  return `"${escaped.replaceAll('\\', '\\\\')}"`;
}
