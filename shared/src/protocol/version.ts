/**
 * Version of the wire protocol, one line of history per change. `protocol.test.ts` pins a hash of every schema:
 * the wire cannot change without a new line here.
 *
 * 1  2026-11  First version: accounts, direct conversations, three log scopes. Groups, linked conversations,
 *             announcements, threads, attachments and encryption are reserved by name.
 *    2026-11  hello answers the id of the server process.
 *    2026-11  Invites have an id, are listed and revoked.
 *    2026-11  The error KEYRING_SILENT, of the desktop alone.
 *    2026-11  Without the error STALE_TOKEN, which no server answered: an unknown heads token asks for everything.
 *    2026-11  Groups, linked conversations, announcements, threads, mentions, sites and units, scheduled messages.
 *    2026-11  Search.
 *    2026-11  Routes for every op, members, sites and units; Idempotency-Key.
 *    2026-11  Bots, their tokens and scopes.
 *    2026-11  Webhooks.
 *    2026-11  Threads count their own: read.set names one, heads carry what is unread in them, thread:read.
 *    2026-11  How far an announcement got.
 *    2026-11  The item of a linked conversation may be gone.
 *    2026-11  The error NOT_SENT_IN_TIME, of the desktop alone.
 *    2026-11  Scheduled messages keep thread, mentions and extras; a saved message says since when.
 *    2026-11  Notices: quiet rows about the conversation itself; what a change of settings changed; expired messages.
 *    2026-11  Presence: who may see it and the last-seen time, a status text, the whole state in every frame.
 *    2026-11  People are deactivated in an organisation and activated again; the error ACCOUNT_DEACTIVATED.
 *    2026-11  Organisations are founded over HTTP, invites sent by e-mail (MAIL_UNAVAILABLE, MAIL_FAILED), the audit
 *             log read and exported.
 *    2026-11  Policies retentionDays and readReceipts.
 *    2026-11  Invites and tokens live ten years at most.
 *    2026-11  What a message said before it was edited can be read.
 *    2026-11  When each member got a message; where a watermark stood before it moved.
 *    2026-11  A draft says how far its writer knew the account log (asOf); threads have drafts.
 *    2026-11  Above 100 members receipts are counts, for those who have the conversation open; receipts come in pages.
 *    2026-11  Where the app finds updates, and from when on which version of it is too old.
 *    2026-11  There is an end to bots, tokens and webhooks (LIMIT_REACHED).
 *    2026-11  The error SHORTCUT_TAKEN, of the desktop alone.
 *    2026-11  The errors PROXY_AUTH and PROXY_UNREACHABLE, of the desktop alone.
 *    2026-11  Announcements may be urgent, where the organisation's policy says so.
 *    2026-11  Own devices have the network address they were last used at.
 */
export const PROTOCOL_VERSION = 1;

/** The oldest protocol the server still speaks. */
export const MIN_PROTOCOL_VERSION = 1;
