-- The write path. Everything that appends an event, or sets what one materialises, happens in these functions: one
-- call is one transaction is one batch. Locks are taken in one order by everybody (pairs, devices, logs, each by
-- id), so two batches cannot wait for each other. READ COMMITTED: each statement sees what was committed before the
-- locks were granted. A rejection writes nothing, so its retry is judged afresh; a no-op is OK without an event.

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

-- What became of one op. `payload` is that of the event as stored; null for a fresh send (the caller has it).
CREATE TYPE curlew_append_result AS (
  i int, code text, duplicate boolean, seq bigint, at_ms bigint, chain text, member_version bigint,
  canonical_id uuid, type text, payload jsonb, target_seq bigint
);

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
  INSERT INTO log (id, kind, org_id) VALUES (p_log, 'conversation', v_org) ON CONFLICT DO NOTHING;
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

-- Writes the sends gathered so far: events and messages in two statements however many there are.
CREATE FUNCTION curlew_write_sends(
  p_logs uuid[], p_seqs bigint[], p_actors uuid[], p_devices uuid[], p_ops uuid[], p_hashes bytea[], p_payloads jsonb[],
  p_chains bytea[], p_versions bigint[], p_at bigint
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event (log_id, seq, type, actor_id, device_id, op_id, op_hash, at_ms, payload, chain, member_version, target_seq)
    SELECT u.log, u.seq, 'message:new', u.actor, u.device, u.op, u.hash, p_at, u.payload, u.chain, u.version, u.seq
    FROM unnest(p_logs, p_seqs, p_actors, p_devices, p_ops, p_hashes, p_payloads, p_chains, p_versions)
      AS u(log, seq, actor, device, op, hash, payload, chain, version);
  INSERT INTO message (id, conversation_id, create_seq, rev_seq, text_seq, sender_id, text, reply_to, composed_at_ms, created_at_ms)
    SELECT u.op, u.log, u.seq, u.seq, u.seq, u.actor, u.payload->>'text', (u.payload->>'replyTo')::uuid,
      (u.payload->>'composedAt')::bigint, p_at
    FROM unnest(p_ops, p_logs, p_seqs, p_actors, p_payloads) AS u(op, log, seq, actor, payload);
END $$;

-- Appends a batch of authorised ops, results in any order, by index.
-- p_ops: [{i, log, actor, device?, fence?, op, hash, kind, mv?, sys?, body}], grouped by log and taken by index.
--   mv: memberVersion that authorisation saw; when it moved the op answers MOVED and is authorised again
--   sys: the server's own op; no device, no organisation check
-- p_checked false: sends are not looked up first; one that was sent before ends the batch with unique_violation (23505),
--   and the caller repeats the batch with true. Resends are rare, so the common batch does not pay for them.
CREATE FUNCTION curlew_append(p_ops jsonb, p_logs uuid[], p_devices uuid[], p_has_special boolean, p_checked boolean)
RETURNS SETOF curlew_append_result LANGUAGE plpgsql AS $$
DECLARE
  v_xid bigint := curlew_xid();
  v_at bigint;
  r record;
  e event;
  a curlew_applied;
  v_code text;
  -- the log at hand
  v_log uuid;
  v_known boolean;
  v_head bigint;
  v_chain bytea;
  v_version bigint;
  v_changed boolean;
  v_stuck text[];
  -- sends not yet written
  s_logs uuid[] := '{}'; s_seqs bigint[] := '{}'; s_actors uuid[] := '{}'; s_devices uuid[] := '{}'; s_ops uuid[] := '{}';
  s_hashes bytea[] := '{}'; s_payloads jsonb[] := '{}'; s_chains bytea[] := '{}'; s_versions bigint[] := '{}';
  -- logs to update at the end
  l_ids uuid[] := '{}'; l_heads bigint[] := '{}'; l_chains bytea[] := '{}'; l_versions bigint[] := '{}';
BEGIN
  IF p_has_special THEN
    PERFORM pg_advisory_xact_lock(hashtextextended(k.pair, 0)) FROM (
      SELECT DISTINCT o->'body'->>'dmKey' AS pair FROM jsonb_array_elements(p_ops) o
      WHERE o->>'kind' = 'conversation.create' ORDER BY 1) k;
    INSERT INTO log (id, kind, org_id)
      SELECT DISTINCT (o->>'log')::uuid, split_part(o->>'kind', '.', 1),
        CASE o->>'kind' WHEN 'org.set' THEN (o->>'log')::uuid END
      FROM jsonb_array_elements(p_ops) o
      WHERE o->>'kind' = 'account.set' OR (o->>'kind' = 'org.set' AND (o->>'sys')::boolean)
      ORDER BY 1 ON CONFLICT DO NOTHING;
  END IF;
  PERFORM 1 FROM device WHERE id = ANY (p_devices) ORDER BY id FOR SHARE;
  PERFORM 1 FROM log WHERE id = ANY (p_logs) ORDER BY id FOR UPDATE;
  v_at := curlew_now_ms();

  FOR r IN
    SELECT x.*, decode(x.hash, 'hex') AS hash_bytes, l.id AS known_id, l.head, l.chain, l.member_version, l.org_id,
      d.user_id AS device_user, d.fence AS device_fence, d.revoked_at,
      om.user_id IS NOT NULL AND om.left_seq IS NULL AS in_org
    FROM jsonb_to_recordset(p_ops) AS x(
      i int, log uuid, actor uuid, device uuid, fence bigint, op uuid, hash text, kind text, mv bigint, sys boolean, body jsonb)
    LEFT JOIN log l ON l.id = x.log
    LEFT JOIN device d ON d.id = x.device
    LEFT JOIN org_member om ON om.org_id = l.org_id AND om.user_id = x.actor
    ORDER BY x.log, x.i
  LOOP
    IF r.log IS DISTINCT FROM v_log THEN
      IF v_changed THEN
        l_ids := array_append(l_ids, v_log); l_heads := array_append(l_heads, v_head);
        l_chains := array_append(l_chains, v_chain); l_versions := array_append(l_versions, v_version);
      END IF;
      v_log := r.log; v_known := r.known_id IS NOT NULL; v_changed := false; v_stuck := '{}';
      v_head := coalesce(r.head, 0); v_version := coalesce(r.member_version, 0);
      v_chain := coalesce(r.chain, '\x0000000000000000'::bytea);
    END IF;

    v_code := NULL;
    IF r.device IS NOT NULL THEN
      IF r.device_user IS DISTINCT FROM r.actor OR r.revoked_at IS NOT NULL THEN
        v_code := 'AUTH_REVOKED';
      ELSIF r.fence IS NOT NULL AND r.fence <> r.device_fence THEN
        v_code := 'FENCED';
      END IF;
    END IF;
    IF v_code IS NULL AND (p_checked OR r.kind <> 'message.send') THEN
      SELECT * INTO e FROM event WHERE actor_id = r.actor AND op_id = r.op;
      IF FOUND THEN
        IF e.log_id <> r.log OR e.op_hash <> r.hash_bytes THEN
          v_code := 'OP_ID_REUSED';
        ELSE
          RETURN NEXT (r.i, 'OK', true, e.seq, e.at_ms, encode(e.chain, 'hex'), e.member_version, NULL, e.type,
            e.payload, e.target_seq)::curlew_append_result;
          CONTINUE;
        END IF;
      END IF;
    END IF;
    IF v_code IS NULL THEN
      IF NOT v_known AND r.kind <> 'conversation.create' THEN
        v_code := 'NOT_FOUND';
      ELSIF (r.mv IS NOT NULL AND r.mv <> v_version AND r.kind <> 'conversation.create')
          OR (r.actor::text || coalesce(r.device::text, '')) = ANY (v_stuck) THEN
        -- What the same device sent after it must not overtake it.
        v_code := 'MOVED';
        v_stuck := array_append(v_stuck, r.actor::text || coalesce(r.device::text, ''));
      ELSIF r.org_id IS NOT NULL AND NOT r.in_org AND NOT coalesce(r.sys, false) THEN
        v_code := 'NOT_MEMBER';
      END IF;
    END IF;
    IF v_code IS NOT NULL THEN
      RETURN NEXT (r.i, v_code, false, NULL, NULL, NULL, v_version, NULL, NULL, NULL, NULL)::curlew_append_result;
      CONTINUE;
    END IF;

    IF r.kind = 'message.send' THEN
      -- Nested, so that the common send is judged by plain expressions alone and runs no query of its own.
      IF p_checked THEN
        IF EXISTS (SELECT 1 FROM message WHERE id = r.op) THEN
          v_code := 'ID_TAKEN';
        END IF;
      END IF;
      IF r.body->>'replyTo' IS NOT NULL THEN
        IF NOT (r.body->>'replyTo')::uuid = ANY (s_ops) AND NOT EXISTS (
            SELECT 1 FROM message WHERE id = (r.body->>'replyTo')::uuid AND conversation_id = r.log) THEN
          v_code := coalesce(v_code, 'TARGET_MISSING');
        END IF;
      END IF;
      IF v_code IS NOT NULL THEN
        RETURN NEXT (r.i, v_code, false, NULL, NULL, NULL, v_version, NULL, NULL, NULL, NULL)::curlew_append_result;
        CONTINUE;
      END IF;
      v_head := v_head + 1;
      v_chain := curlew_chain(v_chain, v_log, v_head, r.op, r.hash_bytes);
      v_changed := true;
      s_logs := array_append(s_logs, r.log); s_seqs := array_append(s_seqs, v_head);
      s_actors := array_append(s_actors, r.actor); s_devices := array_append(s_devices, r.device);
      s_ops := array_append(s_ops, r.op); s_hashes := array_append(s_hashes, r.hash_bytes);
      s_payloads := array_append(s_payloads, r.body); s_chains := array_append(s_chains, v_chain);
      s_versions := array_append(s_versions, v_version);
      IF p_checked THEN
        -- One by one, so that the same op twice in a batch meets its first self.
        PERFORM curlew_write_sends(s_logs, s_seqs, s_actors, s_devices, s_ops, s_hashes, s_payloads, s_chains, s_versions, v_at);
        s_logs := '{}'; s_seqs := '{}'; s_actors := '{}'; s_devices := '{}'; s_ops := '{}'; s_hashes := '{}';
        s_payloads := '{}'; s_chains := '{}'; s_versions := '{}';
      END IF;
      RETURN NEXT (r.i, 'OK', false, v_head, v_at, encode(v_chain, 'hex'), v_version, NULL, NULL, NULL, NULL)::curlew_append_result;
      CONTINUE;
    END IF;

    IF array_length(s_ops, 1) > 0 THEN
      PERFORM curlew_write_sends(s_logs, s_seqs, s_actors, s_devices, s_ops, s_hashes, s_payloads, s_chains, s_versions, v_at);
      s_logs := '{}'; s_seqs := '{}'; s_actors := '{}'; s_devices := '{}'; s_ops := '{}'; s_hashes := '{}';
      s_payloads := '{}'; s_chains := '{}'; s_versions := '{}';
    END IF;
    CASE
      WHEN r.kind IN ('message.edit', 'message.delete', 'reaction.set') THEN
        a := curlew_apply_to_message(r.kind, r.log, r.actor, r.body, v_head + 1, v_at, v_version);
      WHEN r.kind IN ('account.set', 'org.set') THEN
        a := curlew_apply_entry(r.kind, r.log, r.actor, r.body, v_head + 1, v_at, v_version);
      WHEN r.kind IN ('member.add', 'member.remove', 'member.role') THEN
        a := curlew_apply_to_member(r.kind, r.log, r.body, v_head + 1, v_version);
      WHEN r.kind = 'conversation.create' AND v_known THEN
        a := ('ID_TAKEN', NULL, NULL, NULL, v_version, NULL)::curlew_applied;
        SELECT 'OK', id INTO a.code, a.canonical_id FROM conversation WHERE dm_key = r.body->>'dmKey';
        a.code := coalesce(a.code, 'ID_TAKEN'); a.member_version := v_version;
      WHEN r.kind = 'conversation.create' THEN
        a := curlew_create_conversation(r.log, r.actor, r.body, v_at);
        v_known := a.code = 'OK' AND a.type IS NOT NULL;
    END CASE;
    IF a.type IS NULL THEN
      RETURN NEXT (r.i, a.code, false, NULL, NULL, NULL, v_version, a.canonical_id, NULL, NULL, NULL)::curlew_append_result;
      CONTINUE;
    END IF;
    v_head := v_head + 1;
    v_chain := curlew_chain(v_chain, v_log, v_head, r.op, r.hash_bytes);
    v_version := a.member_version;
    v_changed := true;
    INSERT INTO event (log_id, seq, type, actor_id, device_id, op_id, op_hash, at_ms, payload, chain, member_version, target_seq)
      VALUES (r.log, v_head, a.type, r.actor, r.device, r.op, r.hash_bytes, v_at, a.payload, v_chain, v_version, a.target_seq);
    RETURN NEXT (r.i, 'OK', false, v_head, v_at, encode(v_chain, 'hex'), v_version, NULL, a.type, a.payload,
      a.target_seq)::curlew_append_result;
  END LOOP;

  IF v_changed THEN
    l_ids := array_append(l_ids, v_log); l_heads := array_append(l_heads, v_head);
    l_chains := array_append(l_chains, v_chain); l_versions := array_append(l_versions, v_version);
  END IF;
  IF array_length(s_ops, 1) > 0 THEN
    PERFORM curlew_write_sends(s_logs, s_seqs, s_actors, s_devices, s_ops, s_hashes, s_payloads, s_chains, s_versions, v_at);
  END IF;
  UPDATE log SET head = u.head, chain = u.chain, member_version = u.version, updated_xid = v_xid
    FROM unnest(l_ids, l_heads, l_chains, l_versions) AS u(id, head, chain, version) WHERE log.id = u.id;
END $$;

-- Moves watermarks: p_items [{i, conversation, user, device, fence?, read?, delivered?}]. Merged by maximum, never beyond
-- the head, never back. Takes no log lock: a receipt must not wait for a send. Locks are per conversation, members
-- first, like everybody's. `moved`: others see a change and receipt_version rose; `own_moved`: the person's devices do.
CREATE TYPE curlew_receipt_result AS (
  i int, code text, moved boolean, own_moved boolean, delivered_seq bigint, read_seq bigint, shared_read_seq bigint,
  at_ms bigint, receipt_version bigint, member_version bigint
);

CREATE FUNCTION curlew_receipts(p_items jsonb, p_devices uuid[]) RETURNS SETOF curlew_receipt_result LANGUAGE plpgsql AS $$
DECLARE
  v_at bigint;
  v_xid bigint := curlew_xid();
  r record;
  m member;
  v_head bigint; v_mv bigint; v_receipt_version bigint;
  v_read bigint; v_delivered bigint; v_shared bigint; v_unread_from bigint;
  v_shares boolean; v_moved boolean; v_own_moved boolean;
BEGIN
  PERFORM 1 FROM device WHERE id = ANY (p_devices) ORDER BY id FOR SHARE;
  v_at := curlew_now_ms();
  FOR r IN
    SELECT x.*, d.user_id AS device_user, d.fence AS device_fence, d.revoked_at
    FROM jsonb_to_recordset(p_items) AS x(
      i int, conversation uuid, "user" uuid, device uuid, fence bigint, read bigint, delivered bigint)
    LEFT JOIN device d ON d.id = x.device
    ORDER BY x.conversation, x."user", x.i
  LOOP
    IF r.device_user IS DISTINCT FROM r."user" OR r.revoked_at IS NOT NULL THEN
      RETURN NEXT (r.i, 'AUTH_REVOKED', false, false, NULL, NULL, NULL, NULL, NULL, NULL)::curlew_receipt_result;
      CONTINUE;
    ELSIF r.fence IS NOT NULL AND r.fence <> r.device_fence THEN
      RETURN NEXT (r.i, 'FENCED', false, false, NULL, NULL, NULL, NULL, NULL, NULL)::curlew_receipt_result;
      CONTINUE;
    END IF;
    SELECT * INTO m FROM member WHERE conversation_id = r.conversation AND user_id = r."user" FOR UPDATE;
    IF NOT FOUND OR m.left_seq IS NOT NULL THEN
      RETURN NEXT (r.i, CASE WHEN m.user_id IS NULL THEN 'NOT_FOUND' ELSE 'NOT_MEMBER' END, false, false,
        NULL, NULL, NULL, NULL, NULL, NULL)::curlew_receipt_result;
      CONTINUE;
    END IF;
    SELECT head, member_version INTO v_head, v_mv FROM log WHERE id = r.conversation;
    v_read := greatest(m.read_seq, least(coalesce(r.read, 0), v_head));
    v_delivered := greatest(m.delivered_seq, least(coalesce(r.delivered, 0), v_head), v_read);
    v_shares := coalesce((SELECT (value->>'shareReadReceipts')::boolean FROM log_entry
      WHERE log_id = r."user" AND key = 'preferences:' || r."user"), true);
    v_shared := CASE WHEN v_shares THEN greatest(m.shared_read_seq, v_read) ELSE m.shared_read_seq END;
    v_unread_from := CASE WHEN r.read >= m.unread_from_seq THEN NULL ELSE m.unread_from_seq END;
    v_moved := v_shared > m.shared_read_seq OR v_delivered > m.delivered_seq;
    v_own_moved := v_moved OR v_read > m.read_seq OR v_unread_from IS DISTINCT FROM m.unread_from_seq;
    IF v_own_moved THEN
      UPDATE member SET read_seq = v_read, delivered_seq = v_delivered, shared_read_seq = v_shared,
        unread_from_seq = v_unread_from, updated_xid = v_xid
        WHERE conversation_id = r.conversation AND user_id = r."user";
    END IF;
    IF v_read > m.read_seq THEN
      INSERT INTO read_mark (conversation_id, user_id, seq, at_ms) VALUES (r.conversation, r."user", v_read, v_at)
        ON CONFLICT DO NOTHING;
    END IF;
    v_receipt_version := NULL;
    IF v_moved THEN
      UPDATE conversation SET receipt_version = receipt_version + 1, receipt_xid = v_xid WHERE id = r.conversation
        RETURNING receipt_version INTO v_receipt_version;
    END IF;
    RETURN NEXT (r.i, 'OK', v_moved, v_own_moved, v_delivered, v_read, v_shared, v_at, v_receipt_version, v_mv)::curlew_receipt_result;
  END LOOP;
END $$;
