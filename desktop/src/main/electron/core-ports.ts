/** Answers what the core asks of the computer: the keyring, how to reach a URL, and where files go. */
import { app } from 'electron';
import { assertNever } from '@curlew/shared/lib/result.ts';
import type { PortAnswers, PortRequest } from '../../ipc/core-port.ts';
import type { Keyring } from '../keyring.ts';
import { missingKeyring, systemKeyring } from '../keyring.ts';
import type { NetworkRoutes } from '../network-routes.ts';
import { makeFolder } from './make-folder.ts';
import { saveTextFile } from './save-text-file.ts';
import { saveUnsent } from './unsent-dialog.ts';

/** Builds the answers. */
export function corePorts(
  keyring: Keyring,
  network: NetworkRoutes,
): (request: PortRequest) => Promise<PortAnswers[PortRequest['port']]> {
  return async (request) => {
    switch (request.port) {
      case 'keyring.get':
        return await keyring.get(request.account);
      case 'keyring.set':
        return await keyring.set(request.account, request.secret);
      case 'keyring.delete':
        return await keyring.delete(request.account);
      case 'network.forUrl':
        return await network.forUrl(request.url);
      case 'unsent.save':
        return await saveUnsent(request.texts);
      case 'file.save':
        return await saveTextFile(request.name, request.text);
      case 'folder.make':
        return await makeFolder(request.name);
      default:
        return assertNever(request, 'port');
    }
  };
}

/**
 * Opens the computer's keyring.
 * @param profileId keeps the entries of two profiles apart
 */
export function openKeyring(profileId: string): Keyring {
  // Tests of a computer without a keyring; a packaged app cannot be talked out of the real one.
  if (!app.isPackaged && process.env['CURLEW_KEYRING'] === 'none') return missingKeyring();
  return systemKeyring(async () => {
    const keytar = await import('keytar');
    return keytar.default;
  }, profileId);
}
