/**
 * Configuration. Owns every flag and environment variable the server reads, each read once and validated; the rest of
 * the server sees only {@link Config}. A wrong value stops the start with a sentence, never with a stack.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isVersion } from '@curlew/shared/lib/versions.ts';
import { defaultDataDir } from './infra/data-dir.ts';
import type { MailSettings } from './infra/mailer.ts';
import { addressRanges } from './infra/pinned-post.ts';
import type { CertificateFiles } from './infra/tls-certificate.ts';
import type { ClientPolicy } from './services/client-policy.ts';
import type { OrgCreation } from './services/organizations.ts';

/** What the process was asked to do. */
export type Command =
  | { readonly kind: 'serve' }
  | { readonly kind: 'reset-password'; readonly email: string }
  | { readonly kind: 'list-users' }
  | { readonly kind: 'create-bot'; readonly name: string; readonly orgId: string | undefined }
  | {
      readonly kind: 'create-token';
      readonly botId: string;
      readonly scopes: string;
      readonly name: string;
    }
  | { readonly kind: 'backup'; readonly file: string }
  | { readonly kind: 'restore'; readonly file: string }
  | {
      readonly kind: 'import-slack';
      readonly file: string;
      /** id or name; undefined = the only one there is */
      readonly org: string | undefined;
      readonly isDryRun: boolean;
    }
  | { readonly kind: 'export'; readonly dir: string; readonly scope: ExportScope };

/** Whose messages an export holds. */
export type ExportScope =
  | { readonly of: 'org'; readonly idOrName: string }
  | { readonly of: 'conversation'; readonly id: string }
  | { readonly of: 'user'; readonly email: string };

/** Everything a server needs to know from outside. */
export interface Config {
  readonly command: Command;
  /** 0 = any free port. */
  readonly port: number;
  readonly host: string;
  /** Certificate and key to do TLS with; undefined = plain HTTP, for this machine or behind a proxy. */
  readonly tls: CertificateFiles | undefined;
  /** Folder of the embedded PostgreSQL and of the generated secret. */
  readonly dataDir: string;
  /** A PostgreSQL of one's own; undefined = the embedded one. */
  readonly databaseUrl: string | undefined;
  /** The Redis that several nodes share; undefined = one node. */
  readonly redisUrl: string | undefined;
  /** Key of the access tokens; undefined = generated and kept in the data dir (embedded mode only). */
  readonly jwtSecret: string | undefined;
  /** Express' `trust proxy`: false, a number of hops, or a list of addresses. */
  readonly trustProxy: boolean | number | string;
  /** Where people reach this server, for invitation links; undefined = as the request was addressed. */
  readonly publicUrl: string | undefined;
  /** Multiplies every rate limit; suites that test something else raise it. */
  readonly rateLimitFactor: number;
  /** Bearer token for `/metrics` from elsewhere than this machine; undefined = this machine only. */
  readonly metricsToken: string | undefined;
  /** Ranges of addresses webhooks may be sent to although they are not public. */
  readonly webhookAllow: readonly string[];
  /** Outgoing e-mail; undefined = this server sends none. */
  readonly mail: MailSettings | undefined;
  /** Who may found organisations beside the first. */
  readonly orgCreation: OrgCreation;
  readonly logLevel: string;
  readonly serverName: string;
  /** What is asked of the Curlew apps that use this server. */
  readonly client: ClientPolicy;
}

/** A configuration that cannot work; the message is for the person who started the server. */
export class ConfigError extends Error {}

const DEFAULT_PORT = 7420;
const MIN_SECRET_LENGTH = 32;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** What `--help` prints. */
export const usage = `curlew server

  npm run server -- [--port 7420] [--host 127.0.0.1] [--data-dir DIR]
                    [--tls-cert FILE --tls-key FILE]
  npm run server -- reset-password EMAIL
  npm run server -- list-users
  npm run server -- create-bot NAME [ORGANIZATION_ID]
  npm run server -- create-token BOT_ID SCOPE,SCOPE… [NAME]
  npm run server -- backup FILE
  npm run server -- restore FILE
  npm run server -- import-slack EXPORT.zip [--org ID_OR_NAME] [--dry-run]
  npm run server -- export DIR (--org ID_OR_NAME | --conversation ID | --user EMAIL)

Environment: CURLEW_PORT, CURLEW_HOST, CURLEW_DATA_DIR, CURLEW_TLS_CERT, CURLEW_TLS_KEY, DATABASE_URL, REDIS_URL,
CURLEW_JWT_SECRET (required with DATABASE_URL), CURLEW_PUBLIC_URL (or PUBLIC_URL), CURLEW_SERVER_NAME, TRUST_PROXY,
CURLEW_METRICS_TOKEN, CURLEW_LOG_LEVEL, CURLEW_RATE_LIMIT_FACTOR, CURLEW_WEBHOOK_ALLOW, SMTP_URL with CURLEW_MAIL_FROM,
CURLEW_ORG_CREATION (owners, anyone, nobody), CURLEW_UPDATE_FEED, CURLEW_CLIENT_MINIMUM (VERSION@DAY)
`;

/**
 * Reads the configuration.
 * @param args the command line without node and script
 * @throws ConfigError with a sentence when something is missing or wrong
 */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config {
  const { values, positionals } = parseFlags(args);
  const databaseUrl = nonEmpty(env['DATABASE_URL']);
  const jwtSecret = nonEmpty(env['CURLEW_JWT_SECRET']);
  if (jwtSecret !== undefined && jwtSecret.length < MIN_SECRET_LENGTH) {
    throw new ConfigError(`CURLEW_JWT_SECRET must have at least ${MIN_SECRET_LENGTH} characters.`);
  }
  if (databaseUrl !== undefined && jwtSecret === undefined) {
    throw new ConfigError(
      'With DATABASE_URL, CURLEW_JWT_SECRET must be set (at least 32 random characters).',
    );
  }
  const publicUrl = readPublicUrl(nonEmpty(env['CURLEW_PUBLIC_URL']) ?? nonEmpty(env['PUBLIC_URL']));
  const logLevel = nonEmpty(env['CURLEW_LOG_LEVEL']) ?? 'info';
  if (!LOG_LEVELS.includes(logLevel))
    throw new ConfigError(`CURLEW_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.`);
  return {
    command: readCommand(positionals, values),
    port: readPort(values.port ?? nonEmpty(env['CURLEW_PORT'])),
    host: values.host ?? nonEmpty(env['CURLEW_HOST']) ?? '127.0.0.1',
    tls: readTls(
      values['tls-cert'] ?? nonEmpty(env['CURLEW_TLS_CERT']),
      values['tls-key'] ?? nonEmpty(env['CURLEW_TLS_KEY']),
    ),
    dataDir: resolve(values['data-dir'] ?? nonEmpty(env['CURLEW_DATA_DIR']) ?? defaultDataDir()),
    databaseUrl,
    redisUrl: readRedisUrl(nonEmpty(env['REDIS_URL'])),
    jwtSecret,
    trustProxy: readTrustProxy(nonEmpty(env['TRUST_PROXY'])),
    publicUrl,
    rateLimitFactor: readFactor(nonEmpty(env['CURLEW_RATE_LIMIT_FACTOR'])),
    metricsToken: nonEmpty(env['CURLEW_METRICS_TOKEN']),
    webhookAllow: readRanges(nonEmpty(env['CURLEW_WEBHOOK_ALLOW'])),
    mail: readMail(nonEmpty(env['SMTP_URL']), nonEmpty(env['CURLEW_MAIL_FROM']), publicUrl),
    orgCreation: readOrgCreation(nonEmpty(env['CURLEW_ORG_CREATION'])),
    logLevel,
    serverName: nonEmpty(env['CURLEW_SERVER_NAME']) ?? 'Curlew',
    client: {
      feedUrl: readFeed(nonEmpty(env['CURLEW_UPDATE_FEED'])),
      minimum: readMinimum(nonEmpty(env['CURLEW_CLIENT_MINIMUM'])),
    },
  };
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'data-dir': { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        org: { type: 'string' },
        conversation: { type: 'string' },
        user: { type: 'string' },
        'dry-run': { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

type CommandFlags = Pick<
  ReturnType<typeof parseFlags>['values'],
  'org' | 'conversation' | 'user' | 'dry-run'
>;

function readCommand([name, argument, ...rest]: readonly string[], flags: CommandFlags): Command {
  const isAlone = argument !== undefined && rest.length === 0;
  const { org, conversation, user, 'dry-run': dryRun } = flags;
  if (name === 'import-slack' && isAlone && conversation === undefined && user === undefined)
    return { kind: name, file: resolve(argument), org: nonEmpty(org), isDryRun: dryRun === true };
  const [scope, ...others] = exportScopes(flags);
  if (name === 'export' && isAlone && scope && others.length === 0 && dryRun === undefined)
    return { kind: name, dir: resolve(argument), scope };
  // A flag that does nothing is a misunderstanding, and an expensive one with these.
  if (scope || dryRun !== undefined) throw new ConfigError(usage);
  if (name === undefined) return { kind: 'serve' };
  if (name === 'list-users' && argument === undefined) return { kind: name };
  if (name === 'create-bot' && argument !== undefined && rest.length <= 1)
    return { kind: name, name: argument, orgId: rest[0] };
  const [scopes, tokenName = 'token', ...more] = rest;
  if (name === 'create-token' && argument !== undefined && scopes !== undefined && more.length === 0)
    return { kind: name, botId: argument, scopes, name: tokenName };
  if (argument !== undefined && rest.length === 0) {
    if (name === 'reset-password') return { kind: name, email: argument };
    if (name === 'backup' || name === 'restore') return { kind: name, file: resolve(argument) };
  }
  throw new ConfigError(usage);
}

function exportScopes({ org, conversation, user }: CommandFlags): readonly ExportScope[] {
  return [
    ...(org === undefined ? [] : [{ of: 'org', idOrName: org } as const]),
    ...(conversation === undefined ? [] : [{ of: 'conversation', id: conversation } as const]),
    ...(user === undefined ? [] : [{ of: 'user', email: user } as const]),
  ];
}

function readPort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new ConfigError('The port must be 0 to 65535.');
  return port;
}

function readFactor(text: string | undefined): number {
  const factor = text === undefined ? 1 : Number(text);
  if (!(factor > 0 && Number.isFinite(factor)))
    throw new ConfigError('CURLEW_RATE_LIMIT_FACTOR must be a number above 0.');
  return factor;
}

function readTls(certFile: string | undefined, keyFile: string | undefined): CertificateFiles | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined)
    throw new ConfigError('TLS needs both --tls-cert and --tls-key.');
  return { certFile: resolve(certFile), keyFile: resolve(keyFile) };
}

function readRedisUrl(text: string | undefined): string | undefined {
  if (text !== undefined && !(URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol)))
    throw new ConfigError('REDIS_URL must be a URL such as redis://localhost:6379.');
  return text;
}

function readRanges(text: string | undefined): readonly string[] {
  const ranges = (text ?? '').split(',').flatMap((range) => range.trim() || []);
  try {
    addressRanges(ranges);
    return ranges;
  } catch (error) {
    throw new ConfigError(`CURLEW_WEBHOOK_ALLOW: ${error instanceof Error ? error.message : 'not valid'}.`);
  }
}

function readTrustProxy(text: string | undefined): boolean | number | string {
  if (text === undefined || text === 'false') return false;
  // "true" would believe any address a client writes into the header, and with it lift every limit per address.
  if (text === 'true')
    throw new ConfigError('TRUST_PROXY must be a number of proxies or a list of their addresses.');
  return /^\d+$/.test(text) ? Number(text) : text;
}

function readMail(
  url: string | undefined,
  from: string | undefined,
  publicUrl: string | undefined,
): MailSettings | undefined {
  if (url === undefined) return undefined;
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol))
    throw new ConfigError('SMTP_URL must be a URL such as smtp://user:password@mail.example.org:587.');
  if (from === undefined)
    throw new ConfigError('With SMTP_URL, CURLEW_MAIL_FROM must be set: the address that mail comes from.');
  // Without it the link would begin with the host that whoever invites wrote into their request.
  if (publicUrl === undefined)
    throw new ConfigError('With SMTP_URL, CURLEW_PUBLIC_URL must be set: the link in a mail begins with it.');
  return { url, from };
}

function readOrgCreation(text: string | undefined): OrgCreation {
  if (text === undefined) return 'owners';
  if (text === 'owners' || text === 'anyone' || text === 'nobody') return text;
  throw new ConfigError('CURLEW_ORG_CREATION must be owners, anyone or nobody.');
}

function readFeed(text: string | undefined): string | null {
  if (text !== undefined && !(URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)))
    throw new ConfigError('CURLEW_UPDATE_FEED must be a URL such as https://files.example.org/curlew/.');
  return text ?? null;
}

function readMinimum(text: string | undefined): ClientPolicy['minimum'] {
  if (text === undefined) return null;
  const [version = '', day = ''] = text.split('@');
  const fromMs = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : Number.NaN;
  if (!isVersion(version) || Number.isNaN(fromMs))
    throw new ConfigError('CURLEW_CLIENT_MINIMUM must be a version and its day, such as 1.4.0@2027-01-31.');
  return { version, fromMs };
}

function readPublicUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new ConfigError('CURLEW_PUBLIC_URL must be a URL such as https://chat.example.org.');
  return text.replace(/\/+$/, '');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
