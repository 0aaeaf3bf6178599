// Owns fetching one npm package as an archive, outside node_modules, with its content checked. npm's own client
// is used, so proxies, certificates and registries are whatever the person configured.

import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetupError } from './progress.mjs';
import { capture } from './processes.mjs';

/**
 * How to start npm: through the very script that started us where there is one, else by name.
 *
 * @returns {{command: string, prefix: string[]}}
 */
export function npmCommand() {
  const script = process.env['npm_execpath'];
  return script?.endsWith('.js') === true
    ? { command: process.execPath, prefix: [script] }
    : { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', prefix: [] };
}

/**
 * Downloads a package and unpacks it.
 *
 * @param {{spec: string, sha512: string, into: string}} wanted exact `name@version`, the archive's base64 digest,
 *   and an existing folder that gets the content (npm's `package/` prefix removed)
 * @returns {Promise<void>}
 */
export async function unpackNpmPackage({ spec, sha512, into }) {
  const download = path.join(into, '.download');
  mkdirSync(download);
  const npm = npmCommand();
  const packed = await capture(
    npm.command,
    [...npm.prefix, 'pack', spec, '--pack-destination', download, '--ignore-scripts', '--loglevel=error'],
    { cwd: into, timeoutMs: 600_000 },
  );
  const archive = readdirSync(download).find((name) => name.endsWith('.tgz'));
  if (packed.code !== 0 || archive === undefined) {
    throw new SetupError(
      `Could not download ${spec} from the npm registry.`,
      'check the network and `npm ping`, then run the same command again',
      { cause: new Error(packed.output.trim().slice(-600)) },
    );
  }
  const archivePath = path.join(download, archive);
  const hash = createHash('sha512');
  await pipeline(createReadStream(archivePath), hash);
  const digest = hash.digest('base64');
  if (digest !== sha512) {
    throw new SetupError(
      `The archive of ${spec} is not the one this version of Curlew was tested with (sha512 ${digest}).`,
      'clear the npm cache (`npm cache clean --force`) and try again; do not go on with this archive',
    );
  }
  const unpacked = await capture('tar', ['-xzf', archivePath, '-C', into, '--strip-components=1']);
  if (unpacked.code !== 0) {
    throw new SetupError(`Could not unpack ${spec}.`, 'check that `tar` is installed and the disk has room', {
      cause: new Error(unpacked.output.trim()),
    });
  }
}
