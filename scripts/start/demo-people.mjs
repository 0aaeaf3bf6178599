// Owns the two people of `npm start -- --demo`: registered once over the public API, kept in the demo's folder, in one
// organisation with one conversation. Their passwords protect nothing but this folder's own server.

import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from '../bootstrap/progress.mjs';

/**
 * @typedef {{name: string, email: string, password: string}} Person
 * @typedef {{port: number, people: Person[]}} Demo
 */

const NAMES = ['Ada', 'Ben'];

/**
 * @param {string} folder the demo's
 * @returns {Demo | undefined} the demo that stands there already
 */
export function readDemo(folder) {
  const file = path.join(folder, 'demo.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/**
 * Registers the people, opens their conversation and lets the second say hello.
 *
 * @param {string} folder
 * @param {import('./server-process.mjs').RunningServer} server freshly made, with a set-up code
 * @returns {Promise<Demo>}
 */
export async function makeDemo(folder, server) {
  if (server.setupCode === undefined) {
    throw new SetupError(
      `The demo's data in ${folder} is not complete.`,
      `delete that folder and run \`npm start -- --demo\` again`,
    );
  }
  const people = NAMES.map((name) => ({
    name,
    email: `${name.toLowerCase()}@example.org`,
    password: randomUUID(),
  }));
  const [ada, ben] = people;
  if (ada === undefined || ben === undefined) throw new Error('the demo needs two names');
  const call = apiOf(server.url);
  const founder = await register(call, ada, { setupCode: server.setupCode, orgName: 'Heron Works' });
  const { orgs } = await call('GET', '/api/orgs', founder.accessToken);
  const orgId = orgs[0].id;
  const invite = await call('POST', `/api/orgs/${orgId}/invites`, founder.accessToken, {});
  const joiner = await register(call, ben, { inviteCode: invite.code });
  const conversation = await call('POST', '/api/conversations', joiner.accessToken, {
    opId: randomUUID(),
    id: randomUUID(),
    orgId,
    kind: 'direct',
    peerId: founder.userId,
  });
  await call('POST', `/api/conversations/${conversation.id}/messages`, joiner.accessToken, {
    opId: randomUUID(),
    text: 'Hello Ada! Write to me from the other window.',
  });
  // The registrations were devices of this script; the windows sign in as devices of their own.
  for (const { refreshToken } of [founder, joiner])
    await call('POST', '/api/auth/logout', undefined, { refreshToken });
  const demo = { port: Number(new URL(server.url).port), people };
  writeFileSync(path.join(folder, 'demo.json'), `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  return demo;
}

/**
 * @typedef {(method: string, route: string, token?: string, body?: object) => Promise<any>} Call answers differ by
 *   route; docs/protocol.md has their shapes
 */

/**
 * @param {string} url
 * @returns {Call}
 */
function apiOf(url) {
  return async (method, route, token, body) => {
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(new URL(route, url), {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
    return response.json();
  };
}

/**
 * @param {Call} call
 * @param {Person} person
 * @param {object} entitlement set-up code or invite
 * @returns {Promise<{userId: string, accessToken: string, refreshToken: string}>}
 */
function register(call, { name, email, password }, entitlement) {
  const device = { deviceId: randomUUID(), deviceName: 'Demo set-up' };
  return call('POST', '/api/auth/register', undefined, { name, email, password, ...device, ...entitlement });
}
