-- History that comes from another system. It is written by curlew_append like everything else; what is added here is
-- that it counts as read, in the same commit, so that nobody ever sees a conversation full of unread years.

-- As curlew_append, for sends, edits, deletions and reactions alone: what begins a conversation or changes who is in it
-- needs locks that come before those of logs. Where somebody has something unread already, nothing is marked, so that
-- what they have not seen yet stays so.
CREATE FUNCTION curlew_import(p_ops jsonb, p_logs uuid[], p_devices uuid[], p_has_special boolean, p_checked boolean)
RETURNS SETOF curlew_append_result LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_mergejoin = off
AS $$
DECLARE
  v_xid bigint := curlew_xid();
  v_heads bigint[];
  v_lasts bigint[];
  v_shares boolean[];
  v_logs uuid[];
  t record;
BEGIN
  PERFORM 1 FROM log WHERE id = ANY (p_logs) ORDER BY id FOR UPDATE;
  SELECT array_agg(l.id), array_agg(coalesce((SELECT x.create_seq FROM message x WHERE x.conversation_id = l.id
      AND x.class = 'content' ORDER BY x.create_seq DESC LIMIT 1), 0))
    INTO v_logs, v_lasts FROM unnest(p_logs) AS l(id);
  RETURN QUERY SELECT * FROM curlew_append(p_ops, p_logs, p_devices, p_has_special, p_checked);
  IF NOT EXISTS (SELECT 1 FROM jsonb_array_elements(p_ops) o WHERE o->>'kind' = 'message.send') THEN
    RETURN;
  END IF;
  PERFORM 1 FROM member WHERE conversation_id = ANY (p_logs) ORDER BY conversation_id, user_id FOR UPDATE;
  PERFORM 1 FROM conversation WHERE id = ANY (p_logs) ORDER BY id FOR UPDATE;
  SELECT array_agg((SELECT head FROM log WHERE id = l.id)), array_agg(curlew_shares_reads(l.id))
    INTO v_heads, v_shares FROM unnest(v_logs) AS l(id);
  UPDATE member m SET read_seq = u.head, delivered_seq = u.head, updated_xid = v_xid,
      shared_read_seq = CASE WHEN u.shares AND coalesce((SELECT (e.value->>'shareReadReceipts')::boolean FROM log_entry e
        WHERE e.log_id = m.user_id AND e.key = 'preferences:' || m.user_id), true) THEN u.head ELSE m.shared_read_seq END
    FROM unnest(v_logs, v_heads, v_lasts, v_shares) AS u(id, head, last, shares)
    WHERE m.conversation_id = u.id AND m.conversation_id = ANY (p_logs) AND m.left_seq IS NULL
      AND m.unread_from_seq IS NULL AND m.read_seq >= u.last;
  UPDATE conversation SET receipt_version = receipt_version + 1, receipt_xid = v_xid WHERE id = ANY (p_logs);
  -- Threads are counted by themselves: read by all who follow them, unless somebody wrote in them here.
  FOR t IN
    SELECT DISTINCT (o->>'log')::uuid AS log, (o->'body'->>'threadRootId')::uuid AS root
    FROM jsonb_array_elements(p_ops) o WHERE o->'body' ? 'threadRootId'
  LOOP
    CONTINUE WHEN EXISTS (SELECT 1 FROM message x JOIN event e ON e.log_id = t.log AND e.seq = x.create_seq
      WHERE x.thread_root_id = t.root AND e.device_id IS NOT NULL);
    INSERT INTO thread_read AS k (conversation_id, user_id, thread_root_id, seq)
      SELECT t.log, m.user_id, t.root, v_heads[array_position(v_logs, t.log)] FROM member m
      WHERE m.conversation_id = t.log AND m.left_seq IS NULL AND EXISTS (
        SELECT 1 FROM message x WHERE (x.id = t.root OR x.thread_root_id = t.root) AND (x.sender_id = m.user_id
          OR x.mentions && ARRAY[m.user_id, t.log, '00000000-0000-8000-8000-000000000001']))
      ON CONFLICT (conversation_id, user_id, thread_root_id) DO UPDATE SET seq = greatest(k.seq, excluded.seq);
  END LOOP;
END $$;
