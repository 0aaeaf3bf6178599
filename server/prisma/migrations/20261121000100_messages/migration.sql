-- What single ops write: the chain, and what an op does to a message. These functions and those of the next two
-- migrations are called by curlew_append alone, which holds the locks.

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

CREATE FUNCTION curlew_uuids(p_ids jsonb) RETURNS uuid[] LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(array_agg(id::uuid), '{}') FROM jsonb_array_elements_text(coalesce(p_ids, '[]')) AS id
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

-- What an event about the conversation itself says in its timeline; empty: nothing. As `noticeOf` of the shared reducer.
CREATE FUNCTION curlew_notices(p_type text, p_payload jsonb, p_kind text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_type = 'conversation:updated' THEN coalesce(p_payload->'changes', '[]')
    WHEN p_type = 'member:role' THEN jsonb_build_array(p_payload || '{"kind": "role"}')
    -- Who is reached by announcements comes and goes by the hundred, which is no news to anybody there.
    WHEN p_type IN ('member:joined', 'member:left') AND p_kind <> 'announcement' THEN jsonb_build_array(
      jsonb_build_object('kind', CASE p_type WHEN 'member:joined' THEN 'joined' ELSE 'left' END, 'userId', p_payload->'userId'))
    ELSE '[]' END
$$;

-- Edits, deletions and reactions. body: {messageId, own, windowMs?, expired?, imported?, text?, mentions?, baseRevSeq?, emoji?,
-- on?, isAcknowledgement?}; `own` says that authorisation allows it for the author only, `windowMs` for how long (absent: for
-- ever); `imported` that it was done elsewhere, by somebody who need not be a member here. What nobody wrote (class meta)
-- cannot be the target of anything.
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
  SELECT * INTO m FROM message WHERE id = v_id AND conversation_id = p_log AND class = 'content';
  IF NOT FOUND OR NOT (p_body ? 'imported' OR curlew_sees(p_log, p_actor, m.create_seq)) THEN
    RETURN ('TARGET_MISSING', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;
  IF (p_body->>'own')::boolean AND m.sender_id <> p_actor THEN
    RETURN ('FORBIDDEN', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;

  -- An author may change or take back what they wrote for as long as the organisation allows.
  IF (p_body->>'own')::boolean AND m.created_at_ms + (p_body->>'windowMs')::bigint < p_at THEN
    RETURN ('FORBIDDEN', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;

  IF p_kind = 'message.delete' THEN
    IF m.deleted_at_ms IS NOT NULL THEN
      RETURN ('OK', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
    END IF;
    -- A tombstone holds nothing its author wrote, and neither does the log any more. Its hour stays only where it came.
    UPDATE message SET text = NULL, ciphertext = NULL, reply_to = NULL, mentions = '{}', extras = '{}',
      expires_at_ms = CASE WHEN (p_body->>'expired')::boolean THEN m.expires_at_ms END,
      composed_at_ms = created_at_ms,
      edited_at_ms = NULL, deleted_at_ms = p_at, rev_seq = p_seq, edit_seqs = '{}' WHERE id = v_id;
    UPDATE event SET payload = NULL WHERE log_id = p_log AND seq = ANY (m.create_seq || m.edit_seqs);
    DELETE FROM reaction WHERE message_id = v_id;
    RETURN ('OK', 'message:deleted', jsonb_build_object('messageId', v_id, 'threadRootId', m.thread_root_id)
      || CASE WHEN (p_body->>'expired')::boolean THEN '{"expired": true}'::jsonb ELSE '{}' END, m.create_seq, p_version, NULL)::curlew_applied;
  END IF;

  IF m.deleted_at_ms IS NOT NULL THEN
    RETURN ('TARGET_DELETED', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;

  IF p_kind = 'message.edit' THEN
    UPDATE message SET text = p_body->>'text', mentions = curlew_uuids(p_body->'mentions'), extras = extras - 'preview', edited_at_ms = p_at, rev_seq = p_seq, text_seq = p_seq,
      edit_seqs = m.edit_seqs || p_seq WHERE id = v_id;
    RETURN ('OK', 'message:edited', jsonb_build_object('messageId', v_id, 'text', p_body->>'text', 'mentions', coalesce(p_body->'mentions', '[]'), 'overwrote',
      -- Base 0 means "not yet known": the author saw what was sent.
      greatest((p_body->>'baseRevSeq')::bigint, m.create_seq) < m.text_seq), m.create_seq, p_version, NULL)::curlew_applied;
  END IF;

  -- reaction.set. Whoever has confirmed an announcement has: those who asked act on it.
  IF NOT v_is_on AND (p_body->>'isAcknowledgement')::boolean AND m.extras ? 'requiresAck' THEN
    RETURN ('FORBIDDEN', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;
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
