/** The app's own command-line flags. `--user-data-dir` is Chromium's; it moves everything the app keeps. */

/** What the flags say. */
export interface CommandLine {
  /** Server to offer at sign-in, from `--server-url`. */
  readonly serverUrl: string | null;
  /** Whether to start without a window, from `--hidden`. */
  readonly isHidden: boolean;
}

/** Reads `--hidden`, `--server-url=<url>` and `--server-url <url>`. Anything else is Electron's or Chromium's business. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const flag = '--server-url';
  const at = argv.findIndex((argument) => argument === flag || argument.startsWith(`${flag}=`));
  const argument = argv[at];
  const isHidden = argv.includes('--hidden');
  if (argument === undefined) return { serverUrl: null, isHidden };
  const value = argument === flag ? argv[at + 1] : argument.slice(flag.length + 1);
  return {
    serverUrl: value === undefined || value === '' || value.startsWith('--') ? null : value,
    isHidden,
  };
}
