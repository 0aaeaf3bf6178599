/**
 * How this device reaches its servers: through which proxy, trusting whose certificates. Owns the settings and their
 * intents. A proxy's password goes to main once, when it is typed; a page only ever learns that there is one.
 */
import { z } from 'zod';

const HOST = /^(?=.{1,253}$)[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?\.?$/u;
const IPV6 = /^\[?[0-9a-f]*:[0-9a-f:.]+\]?$/iu;

const fields = z.strictObject({
  /** `system`: as the computer is set, PAC files included. */
  mode: z.enum(['system', 'pac', 'manual', 'none']),
  /** For `pac`; kept while another mode is chosen, as is what follows. */
  pacUrl: z.string().max(2048),
  type: z.enum(['http', 'https', 'socks5']),
  host: z.string().max(255),
  port: z.int().min(1).max(65_535),
  user: z.string().max(255),
});

/** What is wrong with a host name, if anything; the same rule in the form and in main. */
export function isProxyHost(host: string): boolean {
  return HOST.test(host) || IPV6.test(host);
}

/** Whether an address can be that of a PAC file. */
export function isPacUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

/** The settings as they are kept, without any secret. */
export const networkSettingsSchema = fields.superRefine((value, context) => {
  if (value.mode === 'pac' && !isPacUrl(value.pacUrl))
    context.addIssue({ code: 'custom', path: ['pacUrl'], message: 'no address of a PAC file' });
  if (value.mode === 'manual' && !isProxyHost(value.host))
    context.addIssue({ code: 'custom', path: ['host'], message: 'no host name' });
});
/** See {@link networkSettingsSchema}. */
export type NetworkSettings = z.infer<typeof networkSettingsSchema>;

/** What a new device starts with. */
export const defaultNetworkSettings: NetworkSettings = {
  mode: 'system',
  pacUrl: '',
  type: 'http',
  host: '',
  port: 8080,
  user: '',
};

/** The longest a user or password may be in SOCKS5, in bytes. */
const password = z.string().min(1).max(255);
/** Absent: the one that is kept, if it is for this proxy and user. */
const withPassword = z.strictObject({ settings: networkSettingsSchema, password: password.optional() });

/** A certificate authority of one's own. */
export interface OwnAuthority {
  /** Whom it names, as its certificate says. */
  readonly subject: string;
  /** How many certificates the file held. */
  readonly certificates: number;
  readonly validToMs: number;
}

/** What Settings > Network shows. `thisRunOnly`: there is no keyring to keep the password in. */
export interface NetworkMeta {
  readonly settings: NetworkSettings;
  readonly password: 'none' | 'kept' | 'thisRunOnly';
  readonly authority: OwnAuthority | null;
}

/** What Settings shows of a new device. */
export const defaultNetworkMeta: NetworkMeta = {
  settings: defaultNetworkSettings,
  password: 'none',
  authority: null,
};

/** Intents of the network settings; `intents.ts` names them. */
export const networkIntents = {
  /** Goes over to these settings at once; what is connected connects anew. */
  'network.set': { handledBy: 'main', request: withPassword, answer: z.object({}) },
  /** Reaches a server by these settings, whatever is set now. `isDirect`: without a proxy in between. */
  'network.test': {
    handledBy: 'main',
    request: withPassword.extend({ serverUrl: z.string().min(1).max(2048) }),
    answer: z.object({ host: z.string(), isDirect: z.boolean(), tookMs: z.number() }),
  },
  /** Lets the person choose a file of certificates to trust. Anything but `chosen` leaves what was. */
  'network.chooseAuthority': {
    handledBy: 'main',
    request: z.strictObject({}),
    answer: z.object({
      outcome: z.enum([
        'chosen',
        'nothing',
        'unreadable',
        'noCertificate',
        'privateKey',
        'notAuthority',
        'expired',
      ]),
    }),
  },
  'network.dropAuthority': { handledBy: 'main', request: z.strictObject({}), answer: z.object({}) },
} as const;
