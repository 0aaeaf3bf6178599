/**
 * Schema of outbox.db. Owns every table of what a person composed and the server may not have yet. Migrations are
 * additive and numbered (`PRAGMA user_version`); an older app can always read what a newer one wrote.
 *
 * Times are this device's wall clock in milliseconds, JSON is text.
 */

/** Migration n brings a file from version n to n + 1. Never edit one that was released; append. */
export const OUTBOX_MIGRATIONS: readonly string[] = [
  `
-- Bindings of the file: serverUrl, userId, deviceId, and times of maintenance.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Ops that are not finally sent. n is the order composed (never reused); lane the log an op is ordered in; target the
-- message an edit, delete or reaction is about, or the key of an account.set; bytes the op as JSON.
-- attempts counts submissions, faults the answers that are retried a bounded number of times, disconnects what the
-- connections that died with this op on it weigh together. depends_on is the op that must be acknowledged first.
-- is_approved: the person said to send it however old it is.
CREATE TABLE op (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  op_id TEXT NOT NULL UNIQUE,
  lane TEXT NOT NULL,
  kind TEXT NOT NULL,
  target TEXT,
  bytes TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  faults INTEGER NOT NULL DEFAULT 0,
  disconnects INTEGER NOT NULL DEFAULT 0,
  depends_on TEXT,
  retry_at INTEGER,
  composed_at INTEGER NOT NULL,
  is_approved INTEGER NOT NULL DEFAULT 0,
  seq INTEGER,
  code TEXT,
  detail TEXT
);
CREATE INDEX op_by_lane ON op (lane, n);
CREATE INDEX op_by_state ON op (state, n);
CREATE INDEX op_by_target ON op (target);
CREATE INDEX op_by_dependency ON op (depends_on);

-- An op's meaning is frozen by its first attempt: the server may hold it already.
CREATE TRIGGER op_frozen BEFORE UPDATE OF bytes, op_id ON op
  WHEN old.attempts > 0 AND (new.bytes <> old.bytes OR new.op_id <> old.op_id)
  BEGIN SELECT RAISE(ABORT, 'an attempted op is frozen'); END;

-- The sent log: applied ops, kept 30 days so that they can be offered again to a restored server.
-- Until the cache has caught up (seq > tail of its log) views show these rows as well.
CREATE TABLE sent (
  op_id TEXT PRIMARY KEY,
  n INTEGER NOT NULL,
  lane TEXT NOT NULL,
  kind TEXT NOT NULL,
  target TEXT,
  bytes TEXT NOT NULL,
  seq INTEGER,
  composed_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sent_by_lane ON sent (lane, seq);
CREATE INDEX sent_by_target ON sent (target);
CREATE INDEX sent_by_time ON sent (sent_at);

-- A conversation created here that turned out to exist under another id.
CREATE TABLE conv_alias (local_id TEXT PRIMARY KEY, canonical_id TEXT NOT NULL) WITHOUT ROWID;

-- Drafts of this device. is_dirty: changed since last offered to the account log; op_id the offer, seq its position.
CREATE TABLE draft (
  conversation_id TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  reply_to TEXT,
  is_dirty INTEGER NOT NULL,
  offered_at INTEGER,
  op_id TEXT,
  seq INTEGER
) WITHOUT ROWID;
CREATE INDEX draft_dirty ON draft (is_dirty, offered_at);

-- Own read position per conversation: wanted is what this device knows, confirmed what the server acknowledged.
CREATE TABLE read_mark (
  conversation_id TEXT PRIMARY KEY,
  wanted INTEGER NOT NULL,
  confirmed INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX read_mark_open ON read_mark (conversation_id) WHERE wanted > confirmed;
`,
  `
CREATE INDEX conv_alias_by_canonical ON conv_alias (canonical_id);
`,
  `
-- drop_at: not sent any more after this time, unless it was attempted; null: whenever it can be.
ALTER TABLE op ADD COLUMN drop_at INTEGER;
CREATE INDEX op_by_drop ON op (drop_at) WHERE drop_at IS NOT NULL AND attempts = 0;
`,
  `
-- The same of a thread, by the message it hangs on.
CREATE TABLE thread_mark (
  root_id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  wanted INTEGER NOT NULL,
  confirmed INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX thread_mark_open ON thread_mark (conversation_id) WHERE wanted > confirmed;
`,
  `
-- conversation_id is the place: a conversation, or the root of a thread, whose conversation in_conversation names.
-- base_seq: up to where the account log's drafts of the place have been dealt with.
ALTER TABLE draft ADD COLUMN in_conversation TEXT;
ALTER TABLE draft ADD COLUMN base_seq INTEGER NOT NULL DEFAULT 0;

-- Drafts beside the one being written. is_other: what another device wrote meanwhile (at seq), until the person has
-- chosen; else what was cleared or replaced, until it is too old.
CREATE TABLE kept_draft (
  id INTEGER PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  text TEXT NOT NULL,
  reply_to TEXT,
  is_other INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  kept_at INTEGER NOT NULL
);
CREATE INDEX kept_draft_by_place ON kept_draft (conversation_id, is_other, id);
`,
];
