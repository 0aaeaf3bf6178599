/** The generated sections of `docs/protocol.md` and the whole of `docs/errors.md`: tables of what the code declares. */
import type { z } from 'zod';
import { accountEntrySchemas, orgEntrySchemas } from '@curlew/shared/domain/entries.ts';
import { eventPayloadSchemas } from '@curlew/shared/domain/event.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { errorCatalogue, type RetryClass } from '@curlew/shared/protocol/errors.ts';
import { routes, type RouteName } from '@curlew/shared/protocol/http.ts';
import type { RouteSpec, RouteWrite } from '@curlew/shared/protocol/route-spec.ts';
import { opSchema, opSchemas, type OpKind } from '@curlew/shared/protocol/ops.ts';
import { opScopes, scopes } from '@curlew/shared/protocol/scopes.ts';
import {
  clientEvents,
  handshakeSchema,
  oneOpKinds,
  serverEvents,
  type ClientEventName,
} from '@curlew/shared/protocol/socket.ts';
import {
  eventExamples,
  handshakeExample,
  opExamples,
  routeExamples,
  type RouteExample,
} from '@curlew/shared/protocol/examples.test-support.ts';
import { notation } from './notation.ts';

const block = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
const shape = (schema: z.ZodType, io: 'input' | 'output'): string => block('text', notation(schema, io));

/** An example under its mark, which is how tests find it. */
function example(mark: string, value: unknown): string {
  return `<!-- example ${mark} -->\n\n${block('json', JSON.stringify(value, undefined, 2))}`;
}

function checked(mark: string, schema: z.ZodType, value: unknown): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new Error(`The example of ${mark} does not fit its schema: ${parsed.error.message}`);
}

/** The handshake. */
export function handshakeSection(): string {
  checked('handshake', handshakeSchema, handshakeExample);
  return [shape(handshakeSchema, 'input'), example('handshake', handshakeExample)].join('\n\n');
}

/** The limits as `hello` announces them. */
export function limitsSection(): string {
  const rows = Object.entries(limits).map(([name, value]) => `| \`${name}\` | ${value} |`);
  return ['| limit | value |', '|---|---|', ...rows].join('\n');
}

/** Every op kind. */
export function opsSection(): string {
  const kinds = Object.keys(opSchemas) as OpKind[];
  return kinds
    .map((kind) => {
      checked(kind, opSchema, opExamples[kind]);
      return [
        `#### \`${kind}\``,
        shape(opSchemas[kind], 'input'),
        example(`op ${kind}`, opExamples[kind]),
      ].join('\n\n');
    })
    .join('\n\n');
}

/** Every event a client may send, with its answer. */
export function clientEventsSection(): string {
  const names = Object.keys(clientEvents) as ClientEventName[];
  return names
    .map((name) => {
      const { request, answer } = clientEvents[name];
      checked(name, request, eventExamples[name]);
      if (Object.hasOwn(oneOpKinds, name)) checkOneOp(name as keyof typeof oneOpKinds);
      return [
        `#### \`${name}\``,
        shape(request, 'input'),
        example(`event ${name}`, eventExamples[name]),
        answer ? `Answer:\n\n${shape(answer, 'output')}` : 'No answer.',
      ].join('\n\n');
    })
    .join('\n\n');
}

function checkOneOp(name: keyof typeof oneOpKinds): void {
  checked(name, opSchema, { ...(eventExamples[name] as object), v: 1, kind: oneOpKinds[name] });
}

/** Every event the server may send. */
export function serverEventsSection(): string {
  const envelope = serverEvents['message:new'];
  return Object.entries<z.ZodType>(serverEvents)
    .map(([name, schema]) => {
      const text = schema === envelope ? 'An event of a log: the envelope below.' : shape(schema, 'output');
      return `#### \`${name}\`\n\n${text}`;
    })
    .concat(`#### The envelope\n\n${shape(envelope, 'output')}`)
    .join('\n\n');
}

/** The payload of every type of event. */
export function payloadsSection(): string {
  return Object.entries<z.ZodType>(eventPayloadSchemas)
    .map(([type, schema]) => `#### \`${type}\`\n\n${shape(schema, 'output')}`)
    .join('\n\n');
}

/** Keys of account and organisation logs. */
export function entriesSection(): string {
  const table = (title: string, schemas: Readonly<Record<string, z.ZodType>>): string =>
    [
      title,
      ...Object.entries(schemas).map(
        ([prefix, schema]) => `\`${prefix}:{uuid}\`\n\n${shape(schema, 'input')}`,
      ),
    ].join('\n\n');
  return [
    table('#### Account log', accountEntrySchemas),
    table('#### Organisation log', orgEntrySchemas),
  ].join('\n\n');
}

/** Every route. */
export function routesSection(): string {
  const names = Object.keys(routes) as RouteName[];
  return names.map((name) => routeSection(name, routes[name])).join('\n\n');
}

/** What a bot needs for a route. */
function botText({ scopes: needed }: RouteSpec): string {
  if (!needed) return 'Not for bots.';
  return needed.length === 0 ? 'Any bot.' : `Bots: ${needed.map((scope) => `\`${scope}\``).join(' and ')}.`;
}

/** The scopes of bots' tokens. */
export function scopesSection(): string {
  const ops = (scope: string): string =>
    Object.entries(opScopes)
      .filter(([, needed]) => needed === scope)
      .map(([kind]) => `\`${kind}\``)
      .join(', ') || '–';
  const rows = Object.entries(scopes).map(([name, opens]) => `| \`${name}\` | ${opens} | ${ops(name)} |`);
  return ['| scope | opens | ops |', '|---|---|---|', ...rows].join('\n');
}

const writeTexts: Readonly<Record<RouteWrite, string>> = {
  op: 'An op: `opId` or `Idempotency-Key` makes it safe to repeat.',
  answer: '`Idempotency-Key` makes it safe to repeat.',
};

function routeSection(name: RouteName, spec: RouteSpec): string {
  const given: RouteExample = routeExamples[name];
  for (const part of ['params', 'query', 'body'] as const) {
    if (spec[part]) checked(`${name} ${part}`, spec[part], given[part] ?? {});
    else if (given[part] !== undefined)
      throw new Error(`The example of ${name} has a ${part}, its route has none`);
  }
  const access = spec.access === 'user' ? `Needs an access token. ${botText(spec)}` : 'Open to everybody.';
  return [
    `#### \`${spec.method} ${spec.path}\``,
    `${spec.summary} ${access}${spec.write === undefined ? '' : ` ${writeTexts[spec.write]}`}`,
    ...(spec.query ? [`Query:\n\n${shape(spec.query, 'input')}`] : []),
    ...(spec.body ? [`Body:\n\n${shape(spec.body, 'input')}`] : []),
    example(`http ${name}`, { method: spec.method, path: spec.path, ...given }),
    `Answer:\n\n${shape(spec.answer, 'output')}`,
  ].join('\n\n');
}

const retryTexts: Readonly<Record<RetryClass, string>> = {
  never: 'never: the request itself cannot succeed',
  backoff: 'for ever, with growing pauses (`retryMs` when given)',
  bounded: '8 times, then stop and tell',
  afterAuth: 'after renewing the token or signing in',
  afterUpdate: 'after an update of the app',
  resync: 'after fetching the log anew',
};

/** `docs/errors.md`. */
export function errorsDocument(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { status, retry, message }]) => `| \`${code}\` | ${status} | ${retryTexts[retry]} | ${message} |`,
  );
  return `# Errors

<!-- Made by scripts/protocol-docs.ts from shared/src/protocol/errors.ts. Change it there. -->

One catalogue for HTTP, the socket and the app's own boundaries. Over HTTP an error is \`{"error": {code, message, …}}\`
with the status below; in an ack it is \`{"ok": false, "error": {code, message, …}}\`; in \`connect_error\` it is the
\`data\`; the result of an op carries \`code\` (and \`detail\`, \`retryMs\`) itself. \`message\` is for people, \`detail\` for
developers. A code that is not listed counts like \`INTERNAL\`, never as success.

| code | HTTP | try again | what the person reads |
|---|---|---|---|
${rows.join('\n')}
`;
}
