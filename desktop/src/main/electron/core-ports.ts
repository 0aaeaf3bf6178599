/** Answers what the core asks of the computer: the keyring, and how to reach a URL. */
import { app, session } from 'electron';
import { assertNever, ok } from '@curlew/shared/lib/result.ts';
import type { NetworkRoute, PortAnswers, PortRequest } from '../../ipc/core-port.ts';
import { readAuthorities } from '../extra-authorities.ts';
import type { Keyring } from '../keyring.ts';
import { missingKeyring, systemKeyring } from '../keyring.ts';
import { proxyFromRules } from '../proxy-rules.ts';
import { makeFolder } from './make-folder.ts';
import { saveTextFile } from './save-text-file.ts';
import { saveUnsent } from './unsent-dialog.ts';

/**
 * Builds the answers.
 * @param profileId keeps the keyring entries of two profiles apart
 */
export function corePorts(
  profileId: string,
): (request: PortRequest) => Promise<PortAnswers[PortRequest['port']]> {
  const keyring = openKeyring(profileId);
  const authorities = readAuthorities(process.env['NODE_EXTRA_CA_CERTS']);
  return async (request) => {
    switch (request.port) {
      case 'keyring.get':
        return await keyring.get(request.account);
      case 'keyring.set':
        return await keyring.set(request.account, request.secret);
      case 'keyring.delete':
        return await keyring.delete(request.account);
      case 'network.forUrl':
        return ok(await route(request.url, await authorities));
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

function openKeyring(profileId: string): Keyring {
  // Tests of a computer without a keyring; a packaged app cannot be talked out of the real one.
  if (!app.isPackaged && process.env['CURLEW_KEYRING'] === 'none') return missingKeyring();
  return systemKeyring(async () => {
    const keytar = await import('keytar');
    return keytar.default;
  }, profileId);
}

async function route(url: string, ca: readonly string[]): Promise<NetworkRoute> {
  await app.whenReady();
  const proxy = proxyFromRules(await session.defaultSession.resolveProxy(url));
  return { ca, ...(proxy ? { proxy } : {}) };
}
