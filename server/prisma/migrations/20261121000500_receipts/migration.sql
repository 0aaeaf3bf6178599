-- Moves watermarks: p_items [{i, conversation, user, device, fence?, thread?, read?, delivered?}]. Merged by maximum, never
-- beyond the head, never back. With `thread` (the root's id) only how far that thread is read, which nobody else sees. Takes no log lock: a receipt must not wait for a send. Locks are per conversation, members
-- first, like everybody's. When a member's mark moved is kept, of deliveries only where the members are few enough to be
-- named one by one. `moved`: others see a change and receipt_version rose; `own_moved`: the person's devices do.
CREATE TYPE curlew_receipt_result AS (
  i int, code text, moved boolean, own_moved boolean, delivered_seq bigint, read_seq bigint, shared_read_seq bigint,
  at_ms bigint, receipt_version bigint, member_version bigint,
  -- where the marks stood before
  from_delivered_seq bigint, from_read_seq bigint
);

-- Whether the organisation of a conversation lets its members see how far others have read.
CREATE FUNCTION curlew_shares_reads(p_conversation uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT (e.value->>'readReceipts')::boolean FROM conversation c
    JOIN log_entry e ON e.log_id = c.org_id AND e.key = 'policy:' || c.org_id WHERE c.id = p_conversation), true)
$$;

-- Its one join has few rows on the left, each with its device's key; see curlew_append about plans.
CREATE FUNCTION curlew_receipts(p_items jsonb, p_devices uuid[]) RETURNS SETOF curlew_receipt_result LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET enable_material = off
AS $$
DECLARE
  v_at bigint;
  v_xid bigint := curlew_xid();
  r record;
  m member;
  v_head bigint; v_mv bigint;
  v_read bigint; v_delivered bigint; v_shared bigint; v_unread_from bigint;
  v_shares boolean; v_moved boolean; v_own_moved boolean;
  v_counted uuid; v_named boolean;
  v_result curlew_receipt_result;
  -- what moved for the others, waiting for its conversation
  s_conversations uuid[] := '{}'; s_results curlew_receipt_result[] := '{}';
BEGIN
  PERFORM 1 FROM device WHERE id = ANY (p_devices) ORDER BY id FOR SHARE;
  v_at := curlew_now_ms();
  FOR r IN
    SELECT x.*, d.user_id AS device_user, d.fence AS device_fence, d.revoked_at
    FROM jsonb_to_recordset(p_items) AS x(
      i int, conversation uuid, "user" uuid, device uuid, fence bigint, thread uuid, read bigint, delivered bigint)
    LEFT JOIN device d ON d.id = x.device
    ORDER BY x.conversation, x."user", x.i
  LOOP
    IF r.device_user IS DISTINCT FROM r."user" OR r.revoked_at IS NOT NULL THEN
      RETURN NEXT (r.i, 'AUTH_REVOKED', false, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::curlew_receipt_result;
      CONTINUE;
    ELSIF r.fence IS NOT NULL AND r.fence <> r.device_fence THEN
      RETURN NEXT (r.i, 'FENCED', false, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::curlew_receipt_result;
      CONTINUE;
    END IF;
    SELECT * INTO m FROM member WHERE conversation_id = r.conversation AND user_id = r."user" FOR UPDATE;
    IF NOT FOUND OR m.left_seq IS NOT NULL THEN
      RETURN NEXT (r.i, CASE WHEN m.user_id IS NULL THEN 'NOT_FOUND' ELSE 'NOT_MEMBER' END, false, false,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::curlew_receipt_result;
      CONTINUE;
    END IF;
    SELECT head, member_version INTO v_head, v_mv FROM log WHERE id = r.conversation;
    IF r.thread IS NOT NULL THEN
      IF NOT EXISTS (SELECT 1 FROM message x WHERE x.id = r.thread AND x.conversation_id = r.conversation
          AND x.thread_root_id IS NULL) THEN
        RETURN NEXT (r.i, 'TARGET_MISSING', false, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::curlew_receipt_result;
        CONTINUE;
      END IF;
      v_read := least(r.read, v_head);
      INSERT INTO thread_read AS t (conversation_id, user_id, thread_root_id, seq)
        VALUES (r.conversation, r."user", r.thread, v_read)
        ON CONFLICT (conversation_id, user_id, thread_root_id) DO UPDATE SET seq = v_read WHERE t.seq < v_read;
      v_own_moved := FOUND;
      IF v_own_moved THEN
        UPDATE member SET updated_xid = v_xid WHERE conversation_id = r.conversation AND user_id = r."user";
      END IF;
      RETURN NEXT (r.i, 'OK', false, v_own_moved, NULL, v_read, NULL, v_at, NULL, v_mv, NULL, NULL)::curlew_receipt_result;
      CONTINUE;
    END IF;
    v_read := greatest(m.read_seq, least(coalesce(r.read, 0), v_head));
    v_delivered := greatest(m.delivered_seq, least(coalesce(r.delivered, 0), v_head), v_read);
    v_shares := coalesce((SELECT (value->>'shareReadReceipts')::boolean FROM log_entry
      WHERE log_id = r."user" AND key = 'preferences:' || r."user"), true) AND curlew_shares_reads(r.conversation);
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
    IF v_delivered > m.delivered_seq THEN
      IF v_counted IS DISTINCT FROM r.conversation THEN
        v_counted := r.conversation;
        v_named := (SELECT count(*) FROM (SELECT FROM member
          WHERE conversation_id = r.conversation AND left_seq IS NULL LIMIT 101) x) <= 100;
      END IF;
      IF v_named THEN
        INSERT INTO delivered_mark (conversation_id, user_id, seq, after_seq, at_ms)
          VALUES (r.conversation, r."user", v_delivered, m.delivered_seq, v_at) ON CONFLICT DO NOTHING;
      END IF;
    END IF;
    v_result := (r.i, 'OK', v_moved, v_own_moved, v_delivered, v_read, v_shared, v_at, NULL, v_mv,
      m.delivered_seq, m.read_seq)::curlew_receipt_result;
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
