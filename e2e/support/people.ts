/** People of a test: registered over the public HTTP API, as any client would. */
import { randomUUID } from 'node:crypto';
import { routes } from '@curlew/shared/protocol/http.ts';
import type { Session } from '@curlew/shared/protocol/routes-account.ts';
import { must } from '@curlew/shared/lib/result.ts';
import type { ServerProcess } from './server-process.ts';

/** A registered person. `session` belongs to a device of the test itself, not of an app. */
export interface TestPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly userId: string;
  readonly orgId: string;
  readonly session: Session;
}

/** Calls a JSON route; throws with the server's words unless it answers 2xx. */
export async function callApi<T>(
  url: string,
  method: string,
  path: string,
  options: { readonly token?: string; readonly body?: unknown } = {},
): Promise<T> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: {
      'content-type': 'application/json',
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

/** Registers the owner (first name, with the set-up code) and invites the others into one organisation. */
export async function registerPeople(server: ServerProcess, names: readonly string[]): Promise<TestPerson[]> {
  const people: TestPerson[] = [];
  let inviteCode: string | undefined;
  for (const name of names) {
    const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.org`;
    const password = `correct horse ${name} battery`;
    const session = await callApi<Session>(server.url, 'POST', routes.register.path, {
      body: {
        email,
        password,
        name,
        deviceId: randomUUID(),
        deviceName: `${name}’s test`,
        ...(inviteCode ? { inviteCode } : { setupCode: server.setupCode, orgName: 'Heron Works' }),
      },
    });
    const token = session.accessToken;
    const { orgs } = await callApi<{ orgs: { id: string }[] }>(server.url, 'GET', routes.orgs.path, {
      token,
    });
    const orgId = must(orgs[0], 'registration joins an organisation').id;
    people.push({ name, email, password, userId: session.userId, orgId, session });
    inviteCode ??= (
      await callApi<{ code: string }>(server.url, 'POST', routes.createInvite.path.replace(':id', orgId), {
        token,
        body: {},
      })
    ).code;
  }
  return people;
}
