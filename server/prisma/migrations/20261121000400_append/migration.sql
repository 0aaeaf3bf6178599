-- The write path. Everything that appends an event, or sets what one materialises, happens in these functions: one
-- call is one transaction is one batch. READ COMMITTED: each statement sees what was committed before the locks were
-- granted. A rejection writes nothing, so its retry is judged afresh; a no-op is OK without an event.
--
-- One order of locks. Everybody who writes what logs hold takes locks in this order, each kind by id and all of a kind
-- before the next, so that two writers never wait for each other:
--
--   1. pairs (advisory)   2. logs that begin   3. devices (shared)   4. logs
--   5. members, by conversation and person     6. conversations
--
-- Receipts take 3, 5 and 6: they wait for no log. Rows of messages, events, entries and organisations are written
-- under their log's lock alone and need no place here. What a batch makes itself (a new conversation, a new member)
-- nobody else can wait for in another order, because its log is held.

-- What became of one op. `payload` is that of the event as stored; null for a fresh send (the caller has it).
CREATE TYPE curlew_append_result AS (
  i int, code text, duplicate boolean, seq bigint, at_ms bigint, chain text, member_version bigint,
  canonical_id uuid, type text, payload jsonb, target_seq bigint
);

-- Writes the sends gathered so far: events and messages in two statements however many there are.
CREATE FUNCTION curlew_write_sends(
  p_logs uuid[], p_seqs bigint[], p_actors uuid[], p_devices uuid[], p_ops uuid[], p_hashes bytea[], p_payloads jsonb[],
  p_chains bytea[], p_versions bigint[], p_ats bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event (log_id, seq, type, actor_id, device_id, op_id, op_hash, at_ms, payload, chain, member_version, target_seq)
    SELECT u.log, u.seq, 'message:new', u.actor, u.device, u.op, u.hash, u.at, u.payload, u.chain, u.version, u.seq
    FROM unnest(p_logs, p_seqs, p_actors, p_devices, p_ops, p_hashes, p_payloads, p_chains, p_versions, p_ats)
      AS u(log, seq, actor, device, op, hash, payload, chain, version, at);
  INSERT INTO message (id, conversation_id, create_seq, rev_seq, text_seq, sender_id, text, reply_to, composed_at_ms, created_at_ms,
      thread_root_id, mentions, extras, expires_at_ms)
    SELECT u.op, u.log, u.seq, u.seq, u.seq, u.actor, u.payload->>'text', (u.payload->>'replyTo')::uuid,
      (u.payload->>'composedAt')::bigint, u.at, (u.payload->>'threadRootId')::uuid,
      CASE WHEN u.payload ? 'mentions' THEN curlew_uuids(u.payload->'mentions') ELSE '{}' END,
      coalesce(u.payload->'extras', '{}'), u.at + (u.payload->'extras'->>'ttlMs')::bigint
    FROM unnest(p_ops, p_logs, p_seqs, p_actors, p_payloads, p_ats) AS u(op, log, seq, actor, payload, at);
END $$;

-- Writes the quiet row of an event about the conversation itself, if it leaves one.
CREATE FUNCTION curlew_write_notice(
  p_log uuid, p_seq bigint, p_actor uuid, p_op uuid, p_at bigint, p_type text, p_payload jsonb
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO message (id, conversation_id, create_seq, rev_seq, text_seq, class, sender_id, composed_at_ms, created_at_ms, notices)
    SELECT p_op, p_log, p_seq, p_seq, p_seq, 'meta', p_actor, p_at, p_at, n.notices
    FROM conversation c CROSS JOIN LATERAL (SELECT curlew_notices(p_type, p_payload, c.kind) AS notices) n
    WHERE c.id = p_log AND n.notices <> '[]';
END $$;

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

-- Appends a batch of authorised ops, results in any order, by index.
-- p_ops: [{i, log, actor, device?, fence?, op, hash, kind, mv?, sys?, at?, body}], grouped by log and taken by index.
--   mv: memberVersion that authorisation saw; when it moved the op answers MOVED and is authorised again
--   sys: the server's own op; no device, no organisation check
--   at: ms, when it was said elsewhere (an import); absent: now
-- p_checked false: sends are not looked up first; one that was sent before ends the batch with unique_violation (23505),
--   and the caller repeats the batch with true. Resends are rare, so the common batch does not pay for them.
--
-- Plans: PostgreSQL keeps those of a function for the life of a connection, and makes them when it is first called: on a
-- new server with empty tables, where reading a whole table is cheapest. Joined like that, every commit read all logs,
-- devices and members there were. So a batch meets only the rows it names (`= ANY`), and its plans are made once, from
-- indexes. `OFFSET 0` keeps the look-up of a member a look-up by key; a join would read the organisation whole.
CREATE FUNCTION curlew_append(p_ops jsonb, p_logs uuid[], p_devices uuid[], p_has_special boolean, p_checked boolean)
RETURNS SETOF curlew_append_result LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_mergejoin = off SET enable_nestloop = off
AS $$
DECLARE
  v_xid bigint := curlew_xid();
  v_now bigint;
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
  s_ats bigint[] := '{}';
  -- logs to update at the end
  l_ids uuid[] := '{}'; l_heads bigint[] := '{}'; l_chains bytea[] := '{}'; l_versions bigint[] := '{}';
BEGIN
  IF p_has_special THEN
    PERFORM pg_advisory_xact_lock(hashtextextended(k.pair, 0)) FROM (
      SELECT DISTINCT o->'body'->>'uniqueKey' AS pair FROM jsonb_array_elements(p_ops) o
      WHERE o->>'kind' = 'conversation.create' AND o->'body'->>'uniqueKey' IS NOT NULL ORDER BY 1) k;
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
  v_now := curlew_now_ms();

  FOR r IN
    SELECT x.*, decode(x.hash, 'hex') AS hash_bytes, l.id AS known_id, l.head, l.chain, l.member_version, l.org_id,
      d.user_id AS device_user, d.fence AS device_fence, d.revoked_at,
      om.user_id IS NOT NULL AND om.left_seq IS NULL AS in_org
    FROM jsonb_to_recordset(p_ops) AS x(
      i int, log uuid, actor uuid, device uuid, fence bigint, op uuid, hash text, kind text, mv bigint, sys boolean, at bigint,
      body jsonb)
    LEFT JOIN (SELECT * FROM log WHERE id = ANY (p_logs)) l ON l.id = x.log
    LEFT JOIN (SELECT * FROM device WHERE id = ANY (p_devices)) d ON d.id = x.device
    LEFT JOIN LATERAL (SELECT * FROM org_member m WHERE m.org_id = l.org_id AND m.user_id = x.actor OFFSET 0) om ON true
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
    v_at := coalesce(r.at, v_now);
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
            SELECT 1 FROM message WHERE id = (r.body->>'replyTo')::uuid AND conversation_id = r.log AND class = 'content') THEN
          v_code := coalesce(v_code, 'TARGET_MISSING');
        END IF;
      END IF;
      IF r.body->>'threadRootId' IS NOT NULL THEN
        -- One level: a reply in a thread starts none of its own.
        IF NOT EXISTS (SELECT 1 FROM unnest(s_ops, s_logs, s_payloads) AS s(op, log, payload)
            WHERE s.op = (r.body->>'threadRootId')::uuid AND s.log = r.log AND s.payload->>'threadRootId' IS NULL)
          AND NOT EXISTS (
            SELECT 1 FROM message WHERE id = (r.body->>'threadRootId')::uuid AND conversation_id = r.log
              AND class = 'content' AND thread_root_id IS NULL) THEN
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
      s_versions := array_append(s_versions, v_version); s_ats := array_append(s_ats, v_at);
      IF p_checked THEN
        -- One by one, so that the same op twice in a batch meets its first self.
        PERFORM curlew_write_sends(s_logs, s_seqs, s_actors, s_devices, s_ops, s_hashes, s_payloads, s_chains, s_versions, s_ats);
        s_logs := '{}'; s_seqs := '{}'; s_actors := '{}'; s_devices := '{}'; s_ops := '{}'; s_hashes := '{}';
        s_payloads := '{}'; s_chains := '{}'; s_versions := '{}'; s_ats := '{}';
      END IF;
      RETURN NEXT (r.i, 'OK', false, v_head, v_at, encode(v_chain, 'hex'), v_version, NULL, NULL, NULL, NULL)::curlew_append_result;
      CONTINUE;
    END IF;

    IF array_length(s_ops, 1) > 0 THEN
      PERFORM curlew_write_sends(s_logs, s_seqs, s_actors, s_devices, s_ops, s_hashes, s_payloads, s_chains, s_versions, s_ats);
      s_logs := '{}'; s_seqs := '{}'; s_actors := '{}'; s_devices := '{}'; s_ops := '{}'; s_hashes := '{}';
      s_payloads := '{}'; s_chains := '{}'; s_versions := '{}'; s_ats := '{}';
    END IF;
    CASE
      -- It leaves a row in the timeline under the op's id.
      WHEN (r.kind = 'conversation.update' OR r.kind LIKE 'member.%') AND EXISTS (SELECT 1 FROM message WHERE id = r.op) THEN
        a := ('ID_TAKEN', NULL, NULL, NULL, v_version, NULL)::curlew_applied;
      WHEN r.kind IN ('message.edit', 'message.delete', 'reaction.set') THEN
        a := curlew_apply_to_message(r.kind, r.log, r.actor, r.body, v_head + 1, v_at, v_version);
      WHEN r.kind IN ('account.set', 'org.set') THEN
        a := curlew_apply_entry(r.kind, r.log, r.actor, r.body, v_head + 1, v_at, v_version);
      WHEN r.kind IN ('member.add', 'member.remove', 'member.role') THEN
        a := curlew_apply_to_member(r.kind, r.log, r.body, v_head + 1, v_version);
      WHEN r.kind = 'conversation.update' THEN
        a := curlew_update_conversation(r.log, r.actor, r.body, v_head + 1, v_version);
      WHEN r.kind = 'conversation.create' AND v_known THEN
        a := ('ID_TAKEN', NULL, NULL, NULL, v_version, NULL)::curlew_applied;
        SELECT 'OK', id INTO a.code, a.canonical_id FROM conversation WHERE unique_key = r.body->>'uniqueKey';
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
    IF r.kind = 'conversation.update' OR r.kind LIKE 'member.%' THEN
      PERFORM curlew_write_notice(r.log, v_head, r.actor, r.op, v_at, a.type, a.payload);
    END IF;
    RETURN NEXT (r.i, 'OK', false, v_head, v_at, encode(v_chain, 'hex'), v_version, NULL, a.type, a.payload,
      a.target_seq)::curlew_append_result;
  END LOOP;

  IF v_changed THEN
    l_ids := array_append(l_ids, v_log); l_heads := array_append(l_heads, v_head);
    l_chains := array_append(l_chains, v_chain); l_versions := array_append(l_versions, v_version);
  END IF;
  IF array_length(s_ops, 1) > 0 THEN
    PERFORM curlew_write_sends(s_logs, s_seqs, s_actors, s_devices, s_ops, s_hashes, s_payloads, s_chains, s_versions, s_ats);
  END IF;
  UPDATE log SET head = u.head, chain = u.chain, member_version = u.version, updated_xid = v_xid
    FROM unnest(l_ids, l_heads, l_chains, l_versions) AS u(id, head, chain, version)
    WHERE log.id = u.id AND log.id = ANY (l_ids);
END $$;

-- Removes the oldest messages of a conversation, as far as they are older than p_before and no more than p_limit at once:
-- rows, reactions and everything the log holds of them. What stays for ever is the skeleton of each event, so that the chain
-- fits and an op sent again is known; and the settings and members, which say what the conversation is, not what was said.
-- Answers how many were removed.
CREATE FUNCTION curlew_trim(p_log uuid, p_before bigint, p_limit int) RETURNS int LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
DECLARE
  v_floor bigint;
  v_old bigint;
  v_ids uuid[];
  v_edits bigint[];
BEGIN
  SELECT floor_seq INTO v_old FROM log WHERE id = p_log FOR UPDATE;
  -- Up to the first that is young enough: what stands behind it waits for it.
  SELECT max(create_seq) FILTER (WHERE is_old) INTO v_floor FROM (
    SELECT create_seq, bool_and(created_at_ms < p_before) OVER (ORDER BY create_seq) AS is_old FROM (
      SELECT create_seq, created_at_ms FROM message WHERE conversation_id = p_log ORDER BY create_seq LIMIT p_limit) oldest
  ) judged;
  SELECT array_agg(m.id), array_agg(e.seq) FILTER (WHERE e.seq IS NOT NULL) INTO v_ids, v_edits
    FROM message m LEFT JOIN LATERAL unnest(m.edit_seqs) AS e(seq) ON true
    WHERE m.conversation_id = p_log AND m.create_seq <= v_floor;
  IF v_ids IS NULL THEN
    RETURN 0;
  END IF;
  DELETE FROM reaction WHERE message_id = ANY (v_ids);
  DELETE FROM message WHERE id = ANY (v_ids);
  UPDATE event SET payload = NULL WHERE log_id = p_log AND seq > v_old AND seq <= v_floor AND target_seq IS NOT NULL;
  UPDATE event SET payload = NULL WHERE log_id = p_log AND seq = ANY (v_edits);
  UPDATE log SET floor_seq = v_floor, updated_xid = curlew_xid() WHERE id = p_log;
  -- Who left is told of nothing that happens there, but of this: what they still hold is kept no longer either.
  UPDATE member SET updated_xid = curlew_xid() WHERE conversation_id = p_log AND left_seq IS NOT NULL;
  RETURN cardinality(v_ids);
END $$;
