/** A process that uses the computer's real keyring once each way and prints the answers as JSON. */
import keytar from 'keytar';
import { systemKeyring } from '../keyring.ts';

const keyring = systemKeyring(() => Promise.resolve(keytar), 'profile-one');
const other = systemKeyring(() => Promise.resolve(keytar), 'profile-two');

const answers = {
  before: await keyring.get('account'),
  set: await keyring.set('account', 'a secret – with ünïcode'),
  after: await keyring.get('account'),
  otherProfile: await other.get('account'),
  delete: await keyring.delete('account'),
  deleteAgain: await keyring.delete('account'),
  gone: await keyring.get('account'),
};
process.stdout.write(`${JSON.stringify(answers)}\n`);
