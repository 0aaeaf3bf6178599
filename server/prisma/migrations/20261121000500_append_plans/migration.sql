-- Plans of the write path. PostgreSQL keeps the plans of a function for the life of a connection, and makes them when it
-- is first called: on a new server with empty tables, where reading a whole table is cheapest. Joined like that, every
-- commit read all logs, devices and members there were: 1.5 ms of CPU a commit at a thousand people, growing with them.
-- So a batch meets only the rows it names, and its plans are made once, from indexes.

-- As before (see 20261121000200_append for p_ops); only the joins of the two largest statements differ. `OFFSET 0` keeps the
-- look-up of a member a look-up by key; a join would read the organisation whole.
CREATE OR REPLACE FUNCTION curlew_append(p_ops jsonb, p_logs uuid[], p_devices uuid[], p_has_special boolean, p_checked boolean)
RETURNS SETOF curlew_append_result LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_mergejoin = off SET enable_nestloop = off
AS $$
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
    FROM unnest(l_ids, l_heads, l_chains, l_versions) AS u(id, head, chain, version)
    WHERE log.id = u.id AND log.id = ANY (l_ids);
END $$;

-- Its one join has few rows on the left, each with its device's key.
ALTER FUNCTION curlew_receipts(jsonb, uuid[]) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION curlew_receipts(jsonb, uuid[]) SET enable_seqscan = off;
ALTER FUNCTION curlew_receipts(jsonb, uuid[]) SET enable_hashjoin = off;
ALTER FUNCTION curlew_receipts(jsonb, uuid[]) SET enable_mergejoin = off;
ALTER FUNCTION curlew_receipts(jsonb, uuid[]) SET enable_material = off;
