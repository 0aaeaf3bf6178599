-- What single ops write: the chain, and per kind what an op does to the rows its events materialise. Called by
-- curlew_append of the next migration alone, which holds the locks.

-- chain(n) = first 8 bytes of SHA-256(chain(n-1) || logId || seq int64 big-endian || opId || opHash)
CREATE FUNCTION curlew_chain(p_previous bytea, p_log uuid, p_seq bigint, p_op uuid, p_hash bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT substr(sha256(p_previous || uuid_send(p_log) || int8send(p_seq) || uuid_send(p_op) || p_hash), 1, 8)
$$;

CREATE FUNCTION curlew_now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint
$$;

CREATE FUNCTION curlew_xid() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT pg_current_xact_id()::text::bigint
$$;

-- What applying one op would write. OK without a type: nothing had to change, so no event.
CREATE TYPE curlew_applied AS (
  code text, type text, payload jsonb, target_seq bigint, member_version bigint, canonical_id uuid
);

-- Whether a person may see position p_seq of a conversation.
CREATE FUNCTION curlew_sees(p_conversation uuid, p_user uuid, p_seq bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM member_interval v
    WHERE v.conversation_id = p_conversation AND v.user_id = p_user
      AND v.from_seq <= p_seq AND (v.to_seq IS NULL OR v.to_seq >= p_seq))
$$;

-- Edits, deletions and reactions. body: {messageId, own, text?, baseRevSeq?, emoji?, on?}; `own` says that
-- authorisation allows it for the author only.
CREATE FUNCTION curlew_apply_to_message(
  p_kind text, p_log uuid, p_actor uuid, p_body jsonb, p_seq bigint, p_at bigint, p_version bigint
) RETURNS curlew_applied LANGUAGE plpgsql AS $$
DECLARE
  v_id uuid := (p_body->>'messageId')::uuid;
  v_emoji text := p_body->>'emoji';
  v_is_on boolean := (p_body->>'on')::boolean;
  v_count int;
  m message;
BEGIN
  SELECT * INTO m FROM message WHERE id = v_id AND conversation_id = p_log;
  IF NOT FOUND OR NOT curlew_sees(p_log, p_actor, m.create_seq) THEN
    RETURN ('TARGET_MISSING', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;
  IF (p_body->>'own')::boolean AND m.sender_id <> p_actor THEN
    RETURN ('FORBIDDEN', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;

  IF p_kind = 'message.delete' THEN
    IF m.deleted_at_ms IS NOT NULL THEN
      RETURN ('OK', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
    END IF;
    -- A tombstone holds nothing its author wrote, and neither does the log any more.
    UPDATE message SET text = NULL, ciphertext = NULL, reply_to = NULL, mentions = '{}', composed_at_ms = created_at_ms,
      edited_at_ms = NULL, deleted_at_ms = p_at, rev_seq = p_seq, edit_seqs = '{}' WHERE id = v_id;
    UPDATE event SET payload = NULL WHERE log_id = p_log AND seq = ANY (m.create_seq || m.edit_seqs);
    DELETE FROM reaction WHERE message_id = v_id;
    RETURN ('OK', 'message:deleted', jsonb_build_object('messageId', v_id), m.create_seq, p_version, NULL)::curlew_applied;
  END IF;

  IF m.deleted_at_ms IS NOT NULL THEN
    RETURN ('TARGET_DELETED', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;

  IF p_kind = 'message.edit' THEN
    UPDATE message SET text = p_body->>'text', edited_at_ms = p_at, rev_seq = p_seq, text_seq = p_seq,
      edit_seqs = m.edit_seqs || p_seq WHERE id = v_id;
    RETURN ('OK', 'message:edited', jsonb_build_object('messageId', v_id, 'text', p_body->>'text', 'overwrote',
      -- Base 0 means "not yet known": the author saw what was sent.
      greatest((p_body->>'baseRevSeq')::bigint, m.create_seq) < m.text_seq), m.create_seq, p_version, NULL)::curlew_applied;
  END IF;

  -- reaction.set
  IF v_is_on THEN
    SELECT count(*) INTO v_count FROM reaction WHERE message_id = v_id AND user_id = p_actor AND emoji <> v_emoji;
    IF v_count >= (p_body->>'most')::int THEN
      RETURN ('BAD_REQUEST', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
    END IF;
    INSERT INTO reaction (message_id, user_id, emoji, seq) VALUES (v_id, p_actor, v_emoji, p_seq) ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM reaction WHERE message_id = v_id AND user_id = p_actor AND emoji = v_emoji;
  END IF;
  IF NOT FOUND THEN
    RETURN ('OK', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;
  UPDATE message SET rev_seq = p_seq WHERE id = v_id;
  RETURN ('OK', 'reaction:set', jsonb_build_object('messageId', v_id, 'emoji', v_emoji, 'on', v_is_on),
    m.create_seq, p_version, NULL)::curlew_applied;
END $$;

-- Creates a direct conversation, or names the one the pair has. body: {orgId, kind, protection, dmKey, members[]}.
-- The pair's advisory lock is held, so the look-up is final.
CREATE FUNCTION curlew_create_conversation(p_log uuid, p_actor uuid, p_body jsonb, p_at bigint)
RETURNS curlew_applied LANGUAGE plpgsql AS $$
DECLARE
  v_existing uuid;
  v_org uuid := (p_body->>'orgId')::uuid;
BEGIN
  SELECT id INTO v_existing FROM conversation WHERE dm_key = p_body->>'dmKey';
  IF FOUND THEN
    RETURN ('OK', NULL, NULL, NULL, 0, v_existing)::curlew_applied;
  END IF;
  IF EXISTS (
    SELECT 1 FROM jsonb_to_recordset(p_body->'members') AS u("userId" uuid)
    WHERE NOT EXISTS (SELECT 1 FROM org_member o WHERE o.org_id = v_org AND o.user_id = u."userId" AND o.left_seq IS NULL)
  ) THEN
    RETURN ('NOT_FOUND', NULL, NULL, NULL, 0, NULL)::curlew_applied;
  END IF;
  -- A person's id names their account log, also before its first entry.
  IF NOT EXISTS (SELECT 1 FROM user_account WHERE id = p_log) THEN
    INSERT INTO log (id, kind, org_id) VALUES (p_log, 'conversation', v_org) ON CONFLICT DO NOTHING;
  END IF;
  IF NOT FOUND THEN
    RETURN ('ID_TAKEN', NULL, NULL, NULL, 0, NULL)::curlew_applied;
  END IF;
  INSERT INTO conversation (id, org_id, kind, protection, dm_key, title, created_by, created_at_ms, rev_seq)
    VALUES (p_log, v_org, p_body->>'kind', p_body->>'protection', p_body->>'dmKey', p_body->>'title', p_actor, p_at, 1);
  INSERT INTO member (conversation_id, user_id, role, joined_seq, updated_xid)
    SELECT p_log, u."userId", u.role, 1, curlew_xid() FROM jsonb_to_recordset(p_body->'members') AS u("userId" uuid, role text);
  INSERT INTO member_interval (conversation_id, user_id, from_seq)
    SELECT p_log, u."userId", 1 FROM jsonb_to_recordset(p_body->'members') AS u("userId" uuid);
  RETURN ('OK', 'conversation:updated', jsonb_build_object('created', true, 'orgId', v_org, 'kind', p_body->>'kind',
    'protection', p_body->>'protection', 'title', p_body->>'title', 'members', p_body->'members'), NULL, 1, NULL)::curlew_applied;
END $$;

-- Membership. body: {userId, role?}. Kinds member.add, member.remove, member.role (reserved on the wire; the server
-- uses them itself when somebody leaves an organisation).
CREATE FUNCTION curlew_apply_to_member(p_kind text, p_log uuid, p_body jsonb, p_seq bigint, p_version bigint)
RETURNS curlew_applied LANGUAGE plpgsql AS $$
DECLARE
  v_user uuid := (p_body->>'userId')::uuid;
  v_role text := coalesce(p_body->>'role', 'member');
  v_xid bigint := curlew_xid();
  m member;
  v_is_member boolean;
BEGIN
  SELECT * INTO m FROM member WHERE conversation_id = p_log AND user_id = v_user;
  v_is_member := FOUND AND m.left_seq IS NULL;
  IF v_is_member = (p_kind = 'member.add') OR (p_kind = 'member.role' AND m.role = v_role) THEN
    RETURN ('OK', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;
  IF p_kind = 'member.add' THEN
    INSERT INTO member (conversation_id, user_id, role, joined_seq, updated_xid) VALUES (p_log, v_user, v_role, p_seq, v_xid)
      ON CONFLICT (conversation_id, user_id)
      DO UPDATE SET role = v_role, joined_seq = p_seq, left_seq = NULL, updated_xid = v_xid;
    INSERT INTO member_interval (conversation_id, user_id, from_seq) VALUES (p_log, v_user, p_seq);
    UPDATE conversation SET rev_seq = p_seq WHERE id = p_log;
    RETURN ('OK', 'member:joined', jsonb_build_object('userId', v_user, 'role', v_role), NULL, p_version + 1, NULL)::curlew_applied;
  END IF;
  UPDATE conversation SET rev_seq = p_seq WHERE id = p_log;
  IF p_kind = 'member.role' THEN
    UPDATE member SET role = v_role, updated_xid = v_xid WHERE conversation_id = p_log AND user_id = v_user;
    RETURN ('OK', 'member:role', jsonb_build_object('userId', v_user, 'role', v_role), NULL, p_version + 1, NULL)::curlew_applied;
  END IF;
  UPDATE member SET left_seq = p_seq, updated_xid = v_xid WHERE conversation_id = p_log AND user_id = v_user;
  UPDATE member_interval SET to_seq = p_seq WHERE conversation_id = p_log AND user_id = v_user AND to_seq IS NULL;
  RETURN ('OK', 'member:left', jsonb_build_object('userId', v_user), NULL, p_version + 1, NULL)::curlew_applied;
END $$;

-- One key of an account or organisation log. body: {key, prefix, id, value}. The value it replaces is scrubbed.
CREATE FUNCTION curlew_apply_entry(
  p_kind text, p_log uuid, p_actor uuid, p_body jsonb, p_seq bigint, p_at bigint, p_version bigint
) RETURNS curlew_applied LANGUAGE plpgsql AS $$
DECLARE
  v_key text := p_body->>'key';
  v_prefix text := p_body->>'prefix';
  v_id uuid := (p_body->>'id')::uuid;
  v_value jsonb := nullif(p_body->'value', 'null'::jsonb);
  v_xid bigint := curlew_xid();
  v_version bigint := p_version;
  e log_entry;
BEGIN
  SELECT * INTO e FROM log_entry WHERE log_id = p_log AND key = v_key;
  IF e.value IS NOT DISTINCT FROM v_value THEN
    RETURN ('OK', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;
  IF e.rev_seq IS NOT NULL THEN
    UPDATE event SET payload = NULL WHERE log_id = p_log AND seq = e.rev_seq;
  END IF;
  IF v_value IS NULL THEN
    DELETE FROM log_entry WHERE log_id = p_log AND key = v_key;
  ELSE
    INSERT INTO log_entry (log_id, key, value, rev_seq) VALUES (p_log, v_key, v_value, p_seq)
      ON CONFLICT (log_id, key) DO UPDATE SET value = v_value, rev_seq = p_seq;
  END IF;

  IF p_kind = 'account.set' THEN
    IF v_prefix = 'unread' THEN
      UPDATE member SET unread_from_seq = (v_value->>'fromSeq')::bigint, updated_xid = v_xid
        WHERE conversation_id = v_id AND user_id = p_actor AND left_seq IS NULL;
    END IF;
  ELSIF v_prefix = 'org' THEN
    INSERT INTO org (id, name, created_at_ms) VALUES (p_log, v_value->>'name', p_at)
      ON CONFLICT (id) DO UPDATE SET name = coalesce(v_value->>'name', org.name);
  ELSIF v_prefix = 'person' THEN
    UPDATE org_member SET name = coalesce(v_value->>'name', name), title = v_value->>'title'
      WHERE org_id = p_log AND user_id = v_id;
  ELSIF v_prefix = 'role' THEN
    v_version := p_version + 1;
    IF v_value IS NULL THEN
      UPDATE org_member SET left_seq = p_seq, updated_xid = v_xid WHERE org_id = p_log AND user_id = v_id;
    ELSE
      INSERT INTO org_member (org_id, user_id, role, joined_seq, updated_xid)
        VALUES (p_log, v_id, v_value->>'role', p_seq, v_xid)
        ON CONFLICT (org_id, user_id) DO UPDATE SET role = v_value->>'role', updated_xid = v_xid, left_seq = NULL,
          joined_seq = CASE WHEN org_member.left_seq IS NULL THEN org_member.joined_seq ELSE p_seq END;
    END IF;
  END IF;
  RETURN ('OK', CASE p_kind WHEN 'account.set' THEN 'account:updated' ELSE 'org:updated' END,
    jsonb_build_object('key', v_key, 'value', v_value), NULL, v_version, NULL)::curlew_applied;
END $$;
