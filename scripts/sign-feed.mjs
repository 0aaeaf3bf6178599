// Signs update feeds, and makes the pair of keys that does it.
//
//   node scripts/sign-feed.mjs --new-key FILE     writes a private key (mode 0600), prints the public one
//   node scripts/sign-feed.mjs FEED.yml …         writes FEED.yml.sig beside each
//
// The private key comes from CURLEW_UPDATE_PRIVATE_KEY (PEM) or the file CURLEW_UPDATE_PRIVATE_KEY_FILE names.
// The public one goes into every build as CURLEW_UPDATE_KEY. docs/releasing.md says how to keep and change them.

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SetupError, runMain } from './bootstrap/progress.mjs';

/** @param {import('node:crypto').KeyObject} key */
function published(key) {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}

/** @returns {import('node:crypto').KeyObject} */
function privateKey() {
  const file = process.env['CURLEW_UPDATE_PRIVATE_KEY_FILE'];
  const pem = process.env['CURLEW_UPDATE_PRIVATE_KEY'] || (file && readFileSync(file, 'utf8'));
  if (!pem) {
    throw new SetupError(
      'No key to sign with.',
      'set CURLEW_UPDATE_PRIVATE_KEY or CURLEW_UPDATE_PRIVATE_KEY_FILE; --new-key makes one',
    );
  }
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new SetupError('The key is not Ed25519.', 'make one with --new-key');
  return key;
}

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'new-key': { type: 'string' } },
  });
  const file = values['new-key'];
  if (file !== undefined) {
    const pair = generateKeyPairSync('ed25519');
    const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' });
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
    console.log(published(pair.privateKey));
    return;
  }
  if (positionals.length === 0)
    throw new SetupError('No feed given.', 'node scripts/sign-feed.mjs FEED.yml …');
  const key = privateKey();
  for (const feed of positionals)
    writeFileSync(`${feed}.sig`, sign(null, readFileSync(feed), key).toString('base64'));
});
