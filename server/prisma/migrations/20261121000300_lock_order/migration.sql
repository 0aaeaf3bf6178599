-- One order of locks. Everybody who writes what logs hold takes locks in this order, each kind by id and all of a kind
-- before the next, so that two writers never wait for each other:
--
--   1. pairs (advisory)   2. logs that begin   3. devices (shared)   4. logs
--   5. members, by conversation and person     6. conversations
--
-- Receipts take 3, 5 and 6: they wait for no log. Rows of messages, events, entries and organisations are written
-- under their log's lock alone and need no place here. What a batch makes itself (a new conversation, a new member)
-- nobody else can wait for in another order, because its log is held.
--
-- Before, a change of membership locked the conversation before the member, a mark as unread its member in the order of
-- account logs, and receipts went on to the next member while they held a conversation.

-- Locks the members that a batch of ops writes: those whose membership changes, and those marked as unread.
CREATE FUNCTION curlew_lock_members(p_ops jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  r record;
BEGIN
  FOR r IN
    SELECT (o->>'log')::uuid AS conversation, (o->'body'->>'userId')::uuid AS person FROM jsonb_array_elements(p_ops) o
      WHERE o->>'kind' IN ('member.add', 'member.remove', 'member.role')
    UNION
    SELECT (o->'body'->>'id')::uuid, (o->>'actor')::uuid FROM jsonb_array_elements(p_ops) o
      WHERE o->>'kind' = 'account.set' AND o->'body'->>'prefix' = 'unread'
    ORDER BY conversation, person
  LOOP
    PERFORM 1 FROM member WHERE conversation_id = r.conversation AND user_id = r.person FOR UPDATE;
  END LOOP;
END $$;

-- Membership. body: {userId, role?, departed?}. Kinds member.add, member.remove, member.role (reserved on the wire; the
-- server uses them itself when somebody leaves an organisation). `departed`: only if the person is out of the
-- conversation's organisation, so that a departure carried out late finds nobody who came back.
CREATE OR REPLACE FUNCTION curlew_apply_to_member(p_kind text, p_log uuid, p_body jsonb, p_seq bigint, p_version bigint)
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
  IF (p_body->>'departed')::boolean AND NOT EXISTS (
    SELECT 1 FROM conversation c JOIN org_member o ON o.org_id = c.org_id AND o.user_id = v_user
    WHERE c.id = p_log AND o.left_seq IS NOT NULL
  ) THEN
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
  IF p_kind = 'member.role' THEN
    UPDATE member SET role = v_role, updated_xid = v_xid WHERE conversation_id = p_log AND user_id = v_user;
    UPDATE conversation SET rev_seq = p_seq WHERE id = p_log;
    RETURN ('OK', 'member:role', jsonb_build_object('userId', v_user, 'role', v_role), NULL, p_version + 1, NULL)::curlew_applied;
  END IF;
  UPDATE member SET left_seq = p_seq, updated_xid = v_xid WHERE conversation_id = p_log AND user_id = v_user;
  UPDATE member_interval SET to_seq = p_seq WHERE conversation_id = p_log AND user_id = v_user AND to_seq IS NULL;
  UPDATE conversation SET rev_seq = p_seq WHERE id = p_log;
  RETURN ('OK', 'member:left', jsonb_build_object('userId', v_user), NULL, p_version + 1, NULL)::curlew_applied;
END $$;

-- As before (see there for p_ops), with the members locked before anything is written.
CREATE OR REPLACE FUNCTION curlew_append(p_ops jsonb, p_logs uuid[], p_devices uuid[], p_has_special boolean, p_checked boolean)
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
  IF p_has_special THEN
    PERFORM curlew_lock_members(p_ops);
  END IF;
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

-- As before, with all members locked before the first conversation.
CREATE OR REPLACE FUNCTION curlew_receipts(p_items jsonb, p_devices uuid[]) RETURNS SETOF curlew_receipt_result LANGUAGE plpgsql AS $$
DECLARE
  v_at bigint;
  v_xid bigint := curlew_xid();
  r record;
  m member;
  v_head bigint; v_mv bigint;
  v_read bigint; v_delivered bigint; v_shared bigint; v_unread_from bigint;
  v_shares boolean; v_moved boolean; v_own_moved boolean;
  v_result curlew_receipt_result;
  -- what moved for the others, waiting for its conversation
  s_conversations uuid[] := '{}'; s_results curlew_receipt_result[] := '{}';
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
    v_result := (r.i, 'OK', v_moved, v_own_moved, v_delivered, v_read, v_shared, v_at, NULL, v_mv)::curlew_receipt_result;
    IF v_moved THEN
      s_conversations := array_append(s_conversations, r.conversation); s_results := array_append(s_results, v_result);
    ELSE
      RETURN NEXT v_result;
    END IF;
  END LOOP;
  -- Every member is locked by now, and the conversations stand here in their order.
  FOR v_index IN 1 .. cardinality(s_results) LOOP
    v_result := s_results[v_index];
    UPDATE conversation SET receipt_version = receipt_version + 1, receipt_xid = v_xid WHERE id = s_conversations[v_index]
      RETURNING receipt_version INTO v_result.receipt_version;
    RETURN NEXT v_result;
  END LOOP;
END $$;
