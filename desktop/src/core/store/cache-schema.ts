/**
 * Schema of cache.db. Owns every table of the disposable copy of server data; the only writer of its rows is
 * `sync/apply-events.ts`, but for the log of notifications, which is this device's own. There are no migrations: a file
 * whose schema hash differs is set aside and built anew from the server.
 *
 * Positions are seq values of a log, times are the server's milliseconds, booleans are 0 or 1, JSON is text.
 */
import { createHash } from 'node:crypto';

/** The tables and indexes, in creation order. */
export const CACHE_SCHEMA = `
-- Facts of the file itself (schema hash, clean exit) and the sync engine's (epoch, heads token).
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- One row per log heard of. tail and chain: contiguous up to here. head and head_chain: the server's, as last heard.
-- unread and mentions are the server's counts as of unread_as_of. activity_at: server time of the newest message.
-- floor_seq: nothing is kept up to here, server_floor_seq: as the server says. dropped_at: server time of the newest message
-- this device removed on its own, by a rule and a clock that may turn out to be others; NULL: what it shows is the server's.
CREATE TABLE log (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  tail INTEGER NOT NULL DEFAULT 0,
  chain TEXT NOT NULL DEFAULT '0000000000000000',
  head INTEGER NOT NULL DEFAULT 0,
  head_chain TEXT,
  floor_seq INTEGER NOT NULL DEFAULT 0,
  server_floor_seq INTEGER NOT NULL DEFAULT 0,
  dropped_at INTEGER,
  member_version INTEGER NOT NULL DEFAULT 0,
  receipt_version INTEGER NOT NULL DEFAULT 0,
  announced_receipt_version INTEGER NOT NULL DEFAULT 0,
  read_seq INTEGER NOT NULL DEFAULT 0,
  delivered_seq INTEGER NOT NULL DEFAULT 0,
  unread_from_seq INTEGER,
  unread INTEGER NOT NULL DEFAULT 0,
  mentions INTEGER NOT NULL DEFAULT 0,
  unread_as_of INTEGER NOT NULL DEFAULT 0,
  is_left INTEGER NOT NULL DEFAULT 0,
  activity_at INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX log_by_activity ON log (kind, activity_at DESC);
CREATE INDEX log_dropped ON log (dropped_at) WHERE dropped_at IS NOT NULL;
CREATE INDEX log_behind ON log (activity_at DESC)
  WHERE head > tail OR receipt_version <> announced_receipt_version;

-- What is held of a log, as disjoint closed intervals of create_seq that never touch each other.
CREATE TABLE coverage (
  log_id TEXT NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL,
  PRIMARY KEY (log_id, lo)
) WITHOUT ROWID;

-- Messages, tombstones included (text NULL, deleted_at set), and notices (notices set). mentions: JSON [id]; extras: JSON object; reactions: JSON [{emoji,userId,seq}] in display order;
-- notices: JSON [notice], NULL for what a person wrote. expires_at: when a disappearing message goes. is_expired: it went.
-- Of two copies the one with the larger rev_seq wins.
CREATE TABLE message (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  conversation_id TEXT NOT NULL,
  create_seq INTEGER NOT NULL,
  rev_seq INTEGER NOT NULL,
  sender_id TEXT NOT NULL,
  text TEXT,
  reply_to TEXT,
  thread_root_id TEXT,
  mentions TEXT NOT NULL DEFAULT '[]',
  extras TEXT NOT NULL DEFAULT '{}',
  composed_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  edited_at INTEGER,
  deleted_at INTEGER,
  reactions TEXT NOT NULL DEFAULT '[]',
  notices TEXT,
  is_expired INTEGER NOT NULL DEFAULT 0,
  expires_at INTEGER,
  UNIQUE (conversation_id, create_seq)
);

-- Replies of a thread, in order; most messages are in none.
CREATE INDEX message_by_thread ON message (thread_root_id, create_seq) WHERE thread_root_id IS NOT NULL;

-- Threads that may have something unread: those heads named (unread and mentions of mine behind base_seq, as of the log's
-- unread_as_of; 0: not named) and those something happened in since (touched_seq). read_seq: read so far elsewhere.
CREATE TABLE thread (
  root_id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  read_seq INTEGER NOT NULL DEFAULT 0,
  base_seq INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  mentions INTEGER NOT NULL DEFAULT 0,
  touched_seq INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX thread_by_conversation ON thread (conversation_id);

-- Messages that will disappear, the next one first.
CREATE INDEX message_by_expiry ON message (expires_at) WHERE expires_at IS NOT NULL;

-- What changed of messages that the search index may hold (n of the row), in order; the index reads on from where it
-- was and then drops what it read. New rows are not noted: their n is beyond what the index holds, or was noted when
-- the row before them under that n went.
CREATE TABLE search_change (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER NOT NULL);
CREATE TRIGGER message_changed AFTER UPDATE OF text, sender_id, conversation_id, created_at ON message
  WHEN old.text IS NOT new.text OR old.sender_id <> new.sender_id OR old.conversation_id <> new.conversation_id
    OR old.created_at <> new.created_at
  BEGIN INSERT INTO search_change (n) VALUES (new.n); END;
CREATE TRIGGER message_gone AFTER DELETE ON message
  BEGIN INSERT INTO search_change (n) VALUES (old.n); END;

-- Settings and members of conversations. more: JSON of the settings nothing is looked up by.
CREATE TABLE conversation (
  id TEXT PRIMARY KEY,
  org_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  protection TEXT NOT NULL,
  title TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  rev_seq INTEGER NOT NULL,
  more TEXT NOT NULL
) WITHOUT ROWID;
-- Finds the conversation of an item of another system.
CREATE INDEX conversation_by_item ON conversation (more ->> '$.link.type', more ->> '$.link.id')
  WHERE kind = 'linked';
CREATE TABLE member (
  conversation_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  role TEXT NOT NULL,
  joined_seq INTEGER NOT NULL,
  left_seq INTEGER,
  PRIMARY KEY (conversation_id, user_id)
) WITHOUT ROWID;
CREATE INDEX member_by_user ON member (user_id);

-- Live keys of account and organisation logs (shared/domain/entries.ts); value is JSON, a removed key has no row.
-- People are the keys 'person:{userId}' and 'role:{userId}' of organisation logs.
CREATE TABLE entry (
  log_id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  rev_seq INTEGER NOT NULL,
  PRIMARY KEY (log_id, key)
) WITHOUT ROWID;
CREATE INDEX entry_by_key ON entry (key);

-- Watermarks of every member, merged by maximum.
CREATE TABLE receipt (
  conversation_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  delivered_seq INTEGER NOT NULL,
  read_seq INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, user_id)
) WITHOUT ROWID;

-- When watermarks passed own messages, where it is known: those behind after_seq up to seq, kind 'delivered' or 'read'.
CREATE TABLE receipt_step (
  conversation_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  seq INTEGER NOT NULL,
  after_seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, user_id, kind, seq)
) WITHOUT ROWID;

-- How far messages of a crowd got, as last told: of people, how many have and how many read it.
CREATE TABLE receipt_count (
  conversation_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  people INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  read INTEGER NOT NULL,
  receipt_version INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, seq)
) WITHOUT ROWID;

-- Events this version could not read, whole, until a version comes that can.
CREATE TABLE unknown_event (
  log_id TEXT NOT NULL, seq INTEGER NOT NULL, envelope TEXT NOT NULL,
  PRIMARY KEY (log_id, seq)
) WITHOUT ROWID;

-- Why a message did or did not notify here, the newest decisions; written by notification-log.ts.
CREATE TABLE notification (
  n INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL UNIQUE,
  outcome TEXT NOT NULL,
  until_ms INTEGER,
  at_ms INTEGER NOT NULL
);

-- Own ops whose event was applied, kept until the next start has compared them with outbox.db.
CREATE TABLE own_op (op_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
`;

/** Names the schema; written into `meta` as `schemaHash`. */
export const CACHE_SCHEMA_HASH = createHash('sha256').update(CACHE_SCHEMA).digest('hex').slice(0, 16);
