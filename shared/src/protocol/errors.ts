/**
 * The error catalogue. Owns every code that may cross HTTP, the socket or IPC: its HTTP status, what a client does
 * about it, and the sentence a person reads. Codes not listed here do not exist; a client that meets an unknown one
 * treats it like INTERNAL (retry a few times, then stop and tell), never as success.
 */
import { z } from 'zod';
import { limits } from '../domain/limits.ts';

/**
 * What a client does about an error: `never` (terminal), `backoff` (try again later, for ever), `bounded` (try again
 * 8 times, then stall), `afterAuth` (sign in or renew first), `afterUpdate` (a newer app is needed),
 * `resync` (fetch the log anew).
 */
export type RetryClass = 'never' | 'backoff' | 'bounded' | 'afterAuth' | 'afterUpdate' | 'resync';

interface ErrorEntry {
  readonly status: number;
  readonly retry: RetryClass;
  readonly message: string;
}

const entry = (status: number, retry: RetryClass, message: string): ErrorEntry => ({
  status,
  retry,
  message,
});

/** Every error code with its HTTP status, retry class and sentence. */
export const errorCatalogue = {
  // Passing conditions: retried for ever.
  BUSY: entry(503, 'backoff', 'The server is busy. Curlew tries again by itself.'),
  LAGGING: entry(503, 'backoff', 'The server is catching up. Curlew tries again by itself.'),
  RATE_LIMITED: entry(429, 'backoff', 'Too many requests in a short time. Curlew waits and tries again.'),
  SHUTTING_DOWN: entry(503, 'backoff', 'The server is restarting. Curlew reconnects by itself.'),
  TIMEOUT: entry(504, 'backoff', 'The server did not answer in time. Curlew tries again by itself.'),
  OFFLINE: entry(
    503,
    'backoff',
    'No answer from this address. Check the spelling, your network or the proxy settings.',
  ),
  INTERNAL: entry(500, 'bounded', 'Something went wrong on the server. Your text is kept; try again later.'),
  // Identity and connection.
  AUTH_REQUIRED: entry(401, 'afterAuth', 'Authentication token required'),
  AUTH_EXPIRED: entry(401, 'afterAuth', 'Your session expired. Curlew renews it by itself.'),
  AUTH_REVOKED: entry(
    401,
    'afterAuth',
    'You were signed out by your organization. Sign in to send and receive. Your messages are still here.',
  ),
  FENCED: entry(409, 'afterAuth', 'This device is connected a second time; the newer connection goes on.'),
  DEVICE_CLONED: entry(409, 'afterAuth', 'Two running copies use this device. Sign in again on this one.'),
  PROTOCOL_TOO_OLD: entry(
    426,
    'afterUpdate',
    'This version of Curlew is too old for the server. Update it to go on.',
  ),
  // The client's copy no longer continues the server's log.
  TRIMMED: entry(410, 'resync', 'Older history is no longer on the server.'),
  DIVERGED: entry(409, 'resync', 'This device and the server differ. Curlew loads the conversation anew.'),
  // Terminal: the request itself can never succeed.
  NOT_FOUND: entry(404, 'never', 'This does not exist, or you cannot see it.'),
  FORBIDDEN: entry(
    403,
    'never',
    'You are not allowed to do this here. Ask an administrator of your organization.',
  ),
  SCOPE_MISSING: entry(403, 'never', 'This token does not have the right to do this.'),
  NOT_MEMBER: entry(403, 'never', 'You’re no longer a member of this conversation.'),
  TARGET_MISSING: entry(404, 'never', 'The message this refers to does not exist.'),
  TARGET_DELETED: entry(410, 'never', 'The message was deleted in the meantime.'),
  TOO_LARGE: entry(
    413,
    'never',
    `This is too large. A message holds at most ${limits.textBytes / 1024} KiB of text; shorten it or send it in parts.`,
  ),
  BAD_REQUEST: entry(400, 'never', 'The request is not valid, so nothing was changed.'),
  GROUP_FULL: entry(
    409,
    'never',
    `A group holds at most ${limits.groupMembers.toLocaleString('en-US')} people. Take somebody out first.`,
  ),
  LIMIT_REACHED: entry(
    409,
    'never',
    'There are as many of these as there may be. Remove one that is not needed any more, then try again.',
  ),
  OP_ID_REUSED: entry(
    409,
    'never',
    'This was already sent with other content. Copy the text and send it anew.',
  ),
  WEBHOOK_ADDRESS: entry(
    400,
    'never',
    'Curlew does not send to this address. It must be a public https address; who runs the server can allow others.',
  ),
  IDEMPOTENCY_KEY_REUSED: entry(
    422,
    'never',
    'This key was already used for another request. Make a new key for a new request.',
  ),
  IDEMPOTENCY_KEY_IN_USE: entry(
    409,
    'backoff',
    'The first request with this key is still being carried out. Ask again in a moment.',
  ),
  ID_TAKEN: entry(409, 'never', 'This identifier is already in use. Copy the text and send it anew.'),
  DEPENDENCY_FAILED: entry(409, 'never', 'What this depends on was not sent, so this was not sent either.'),
  // Registration, invites, passwords.
  WRONG_CREDENTIALS: entry(401, 'never', 'Email or password is wrong.'),
  MAIL_UNAVAILABLE: entry(
    409,
    'never',
    'This server sends no email. Make an invitation without an address and give its link or code yourself.',
  ),
  MAIL_FAILED: entry(
    502,
    'never',
    'The email could not be sent, so the invitation was not made. Check the address, or give a link yourself.',
  ),
  ACCOUNT_DEACTIVATED: entry(
    403,
    'never',
    'This account is deactivated. Ask those who run your organization.',
  ),
  EMAIL_TAKEN: entry(409, 'never', 'This email address cannot be used. Sign in, or choose another one.'),
  PASSWORD_WEAK: entry(
    400,
    'never',
    'Choose a password of at least 10 characters that is not among the most common ones.',
  ),
  SETUP_CODE_WRONG: entry(
    403,
    'never',
    'The set-up code is wrong. It stands in the server’s first lines of output.',
  ),
  INVITE_INVALID: entry(403, 'never', 'This invitation is unknown, used up or expired. Ask for a new one.'),
  REFRESH_REUSED: entry(
    401,
    'afterAuth',
    'Your sign-in was used in two places and has been ended. Sign in again.',
  ),
  // Named by the desktop only; they never cross the wire.
  NOT_SENT_IN_TIME: entry(
    408,
    'never',
    'It could not be sent by the time you chose. Its text is kept; send it anew if it still matters.',
  ),
  DISK_FULL: entry(
    507,
    'never',
    'This computer is almost full, so Curlew could not save. Free some space and try again.',
  ),
  KEYRING_MISSING: entry(
    424,
    'never',
    'This computer has no keyring where Curlew could keep your sign-in. You can stay signed in for this run only.',
  ),
  KEYRING_SILENT: entry(
    424,
    'backoff',
    'This computer’s keyring does not answer. Unlock it if it asks for its password; Curlew tries again by itself.',
  ),
  SHORTCUT_TAKEN: entry(
    409,
    'never',
    'These keys belong to another program, or this desktop keeps them to itself. Curlew works as before.',
  ),
  CERTIFICATE_UNTRUSTED: entry(
    495,
    'never',
    'This server’s certificate isn’t trusted. Ask your administrator before you continue.',
  ),
  PROXY_AUTH: entry(
    407,
    'backoff',
    'The proxy does not accept this user and password. Check them in the network settings.',
  ),
  PROXY_UNREACHABLE: entry(
    502,
    'backoff',
    'The proxy does not answer. Check its address and port in the network settings.',
  ),
  INSECURE_ADDRESS: entry(
    400,
    'never',
    'Curlew only connects by https. Plain http works on this computer alone.',
  ),
  LOCAL_DATA_DAMAGED: entry(
    500,
    'never',
    'Curlew’s local files are damaged. What you wrote is kept; the rest is loaded anew.',
  ),
} as const satisfies Record<string, ErrorEntry>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;

/** All codes, in the order of the catalogue. */
export const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

/**
 * An error as it crosses a boundary. `message` is the sentence for the person; `detail` says which field or limit,
 * for developers; `retryMs` when the other side asked for a delay; `wipe` only with AUTH_REVOKED, when the
 * owner asked for this device's data to be removed.
 */
export const errorBodySchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  detail: z.string().optional(),
  retryMs: z.int().min(0).optional(),
  floorSeq: z.int().optional(),
  wipe: z.boolean().optional(),
});
/** See {@link errorBodySchema}. */
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** Builds an error body with the catalogue's sentence. */
export function errorBody(code: ErrorCode, extra: Omit<ErrorBody, 'code' | 'message'> = {}): ErrorBody {
  return { code, message: errorCatalogue[code].message, ...extra };
}

/** What to do about a code that came from outside; unknown ones count as INTERNAL. */
export function retryClassOf(code: string): RetryClass {
  return isErrorCode(code) ? errorCatalogue[code].retry : 'bounded';
}

/** Whether a string is a code of the catalogue. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code);
}
