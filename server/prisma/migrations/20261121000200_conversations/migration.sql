-- Conversations and who is in them.

-- The settings of a conversation, as its events carry them.
CREATE FUNCTION curlew_settings(c conversation, p_created boolean) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('created', p_created, 'orgId', c.org_id, 'kind', c.kind, 'protection', c.protection,
    'title', c.title, 'pins', to_jsonb(c.pins), 'link', c.link, 'isClosed', c.is_closed,
    'messageTtlMs', c.message_ttl_ms, 'history', c.history, 'audience', c.audience)
$$;

-- Everybody an announcement reaches. p_audience: {scope, id}
CREATE FUNCTION curlew_audience(p_org uuid, p_audience jsonb) RETURNS TABLE (user_id uuid) LANGUAGE sql STABLE AS $$
  SELECT o.user_id FROM org_member o
  WHERE o.org_id = p_org AND o.left_seq IS NULL AND CASE p_audience->>'scope'
    WHEN 'org' THEN p_org = (p_audience->>'id')::uuid
    WHEN 'site' THEN EXISTS (SELECT 1 FROM site_member s JOIN site ON site.id = s.site_id
      WHERE s.user_id = o.user_id AND s.site_id = (p_audience->>'id')::uuid AND site.org_id = p_org)
    WHEN 'unit' THEN EXISTS (SELECT 1 FROM unit_member u JOIN unit ON unit.id = u.unit_id JOIN site ON site.id = unit.site_id
      WHERE u.user_id = o.user_id AND u.unit_id = (p_audience->>'id')::uuid AND site.org_id = p_org)
    ELSE false END
$$;

-- Creates a conversation, or names the one there is. body: {orgId, kind, protection, uniqueKey?, title?, link?, history?,
-- audience?, members[]}. The advisory lock of the unique key is held, so the look-up is final.
CREATE FUNCTION curlew_create_conversation(p_log uuid, p_actor uuid, p_body jsonb, p_at bigint)
RETURNS curlew_applied LANGUAGE plpgsql AS $$
DECLARE
  v_existing uuid;
  v_org uuid := (p_body->>'orgId')::uuid;
  v_audience jsonb := nullif(p_body->'audience', 'null'::jsonb);
  v_members jsonb := p_body->'members';
  c conversation;
BEGIN
  SELECT id INTO v_existing FROM conversation WHERE unique_key = p_body->>'uniqueKey';
  IF FOUND THEN
    RETURN ('OK', NULL, NULL, NULL, 0, v_existing)::curlew_applied;
  END IF;
  IF EXISTS (
    SELECT 1 FROM jsonb_to_recordset(v_members) AS u("userId" uuid)
    WHERE NOT EXISTS (SELECT 1 FROM org_member o WHERE o.org_id = v_org AND o.user_id = u."userId" AND o.left_seq IS NULL)
  ) OR (v_audience->>'scope' = 'org' AND (v_audience->>'id')::uuid <> v_org)
    OR (v_audience->>'scope' = 'site' AND NOT EXISTS (
      SELECT 1 FROM site WHERE id = (v_audience->>'id')::uuid AND org_id = v_org))
    OR (v_audience->>'scope' = 'unit' AND NOT EXISTS (
      SELECT 1 FROM unit JOIN site ON site.id = unit.site_id WHERE unit.id = (v_audience->>'id')::uuid AND site.org_id = v_org))
  THEN
    RETURN ('NOT_FOUND', NULL, NULL, NULL, 0, NULL)::curlew_applied;
  END IF;
  -- A person's id names their account log, also before its first entry.
  IF NOT EXISTS (SELECT 1 FROM user_account WHERE id = p_log) THEN
    INSERT INTO log (id, kind, org_id) VALUES (p_log, 'conversation', v_org) ON CONFLICT DO NOTHING;
  END IF;
  IF NOT FOUND THEN
    RETURN ('ID_TAKEN', NULL, NULL, NULL, 0, NULL)::curlew_applied;
  END IF;
  IF v_audience IS NOT NULL THEN
    v_members := v_members || coalesce((SELECT jsonb_agg(jsonb_build_object('userId', a.user_id, 'role', 'member'))
      FROM curlew_audience(v_org, v_audience) a WHERE a.user_id <> p_actor), '[]');
  END IF;
  INSERT INTO conversation (id, org_id, kind, protection, unique_key, title, link, history, audience, created_by, created_at_ms, rev_seq)
    VALUES (p_log, v_org, p_body->>'kind', p_body->>'protection', p_body->>'uniqueKey', p_body->>'title',
      nullif(p_body->'link', 'null'::jsonb), coalesce(p_body->>'history', 'all'), v_audience, p_actor, p_at, 1)
    RETURNING * INTO c;
  INSERT INTO member (conversation_id, user_id, role, joined_seq, updated_xid)
    SELECT p_log, u."userId", u.role, 1, curlew_xid() FROM jsonb_to_recordset(v_members) AS u("userId" uuid, role text);
  INSERT INTO member_interval (conversation_id, user_id, from_seq)
    SELECT p_log, u."userId", 1 FROM jsonb_to_recordset(v_members) AS u("userId" uuid);
  IF v_audience IS NOT NULL THEN
    INSERT INTO audit_entry (actor_id, org_id, action, target, detail)
      VALUES (p_actor, v_org, 'announcement.create', p_log, jsonb_build_object('audience', v_audience));
  END IF;
  RETURN ('OK', 'conversation:updated', curlew_settings(c, true) || jsonb_build_object('members', v_members),
    NULL, 1, NULL)::curlew_applied;
END $$;

-- Changes settings. body: {title?, pin?: {messageId, on}, link?, isClosed?, messageTtlMs?, maxPins}; null clears where the
-- key is there. Closing and opening moves the member version, since it changes who may send.
CREATE FUNCTION curlew_update_conversation(p_log uuid, p_actor uuid, p_body jsonb, p_seq bigint, p_version bigint)
RETURNS curlew_applied LANGUAGE plpgsql AS $$
DECLARE
  v_pin uuid := (p_body->'pin'->>'messageId')::uuid;
  v_version bigint := p_version;
  v_changes jsonb := '[]';
  before conversation;
  c conversation;
BEGIN
  SELECT * INTO before FROM conversation WHERE id = p_log;
  c := before;
  IF p_body ? 'title' THEN c.title := p_body->>'title'; END IF;
  IF p_body ? 'link' THEN
    -- Which item it is stays: it is found by it.
    c.link := (p_body->'link') || jsonb_build_object('type', before.link->'type', 'id', before.link->'id');
  END IF;
  IF p_body ? 'isClosed' THEN c.is_closed := (p_body->>'isClosed')::boolean; END IF;
  IF p_body ? 'messageTtlMs' THEN c.message_ttl_ms := (p_body->>'messageTtlMs')::bigint; END IF;
  IF v_pin IS NOT NULL THEN
    c.pins := array_remove(c.pins, v_pin);
    IF (p_body->'pin'->>'on')::boolean THEN
      IF NOT EXISTS (SELECT 1 FROM message m WHERE m.id = v_pin AND m.conversation_id = p_log AND m.deleted_at_ms IS NULL
          AND m.class = 'content' AND curlew_sees(p_log, p_actor, m.create_seq)) THEN
        RETURN ('TARGET_MISSING', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
      END IF;
      IF before.pins[1] IS DISTINCT FROM v_pin AND NOT v_pin = ANY (before.pins)
          AND cardinality(c.pins) >= (p_body->>'maxPins')::int THEN
        RETURN ('BAD_REQUEST', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
      END IF;
      -- Pinning what is pinned changes nothing, not even its place.
      c.pins := CASE WHEN v_pin = ANY (before.pins) THEN before.pins ELSE v_pin || c.pins END;
    END IF;
  END IF;
  IF c IS NOT DISTINCT FROM before THEN
    RETURN ('OK', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;
  IF c.is_closed <> before.is_closed THEN
    v_version := p_version + 1;
    v_changes := v_changes || jsonb_build_object('kind', 'closed', 'isClosed', c.is_closed);
  END IF;
  IF c.title IS DISTINCT FROM before.title THEN
    v_changes := v_changes || jsonb_build_object('kind', 'title', 'title', c.title);
  END IF;
  IF c.link->>'status' IS DISTINCT FROM before.link->>'status' THEN
    v_changes := v_changes || jsonb_build_object('kind', 'status', 'status', c.link->'status');
  END IF;
  IF c.message_ttl_ms IS DISTINCT FROM before.message_ttl_ms THEN
    v_changes := v_changes || jsonb_build_object('kind', 'ttl', 'messageTtlMs', c.message_ttl_ms);
  END IF;
  IF (v_pin = ANY (c.pins)) <> (v_pin = ANY (before.pins)) THEN
    v_changes := v_changes || jsonb_build_object('kind', 'pin', 'messageId', v_pin, 'on', p_body->'pin'->'on');
  END IF;
  c.rev_seq := p_seq;
  UPDATE conversation SET title = c.title, link = c.link, is_closed = c.is_closed, message_ttl_ms = c.message_ttl_ms,
    pins = c.pins, rev_seq = p_seq WHERE id = p_log;
  RETURN ('OK', 'conversation:updated', curlew_settings(c, false) || jsonb_build_object('changes', v_changes), NULL, v_version,
    NULL)::curlew_applied;
END $$;

-- Membership. body: {userId, role?, departed?, restored?}. Kinds member.add, member.remove, member.role. `departed`: only
-- if the person is out of the conversation's organisation, so that a departure carried out late finds nobody who came
-- back; of somebody deactivated the place is kept (is_paused). `restored`: only into a place that is kept. Whoever comes
-- back to one has the role they had.
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
  IF (p_body->>'departed')::boolean AND NOT EXISTS (
    SELECT 1 FROM conversation c JOIN org_member o ON o.org_id = c.org_id AND o.user_id = v_user
    WHERE c.id = p_log AND o.left_seq IS NOT NULL
  ) THEN
    RETURN ('OK', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;
  IF (p_body->>'restored')::boolean AND NOT coalesce(m.is_paused, false) THEN
    RETURN ('OK', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;
  IF p_kind = 'member.add' THEN
    IF m.is_paused THEN v_role := m.role; END IF;
    -- Whoever left the organisation since this was allowed does not come in.
    IF NOT EXISTS (SELECT 1 FROM conversation c JOIN org_member o ON o.org_id = c.org_id AND o.user_id = v_user
        WHERE c.id = p_log AND o.left_seq IS NULL) THEN
      RETURN ('NOT_FOUND', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
    END IF;
    -- Who comes new reads from the start where the group says so; nothing of it is unread to them. Who comes back
    -- keeps a hole where they were away.
    INSERT INTO member (conversation_id, user_id, role, joined_seq, read_seq, updated_xid)
      VALUES (p_log, v_user, v_role, p_seq, p_seq, v_xid)
      ON CONFLICT (conversation_id, user_id) DO UPDATE SET role = v_role, joined_seq = p_seq, left_seq = NULL, is_paused = false,
        read_seq = greatest(member.read_seq, p_seq), updated_xid = v_xid;
    INSERT INTO member_interval (conversation_id, user_id, from_seq)
      SELECT p_log, v_user, CASE WHEN c.history = 'all' AND c.kind <> 'direct' AND m.user_id IS NULL THEN 1 ELSE p_seq END
      FROM conversation c WHERE c.id = p_log;
    UPDATE conversation SET rev_seq = p_seq WHERE id = p_log;
    RETURN ('OK', 'member:joined', jsonb_build_object('userId', v_user, 'role', v_role), NULL, p_version + 1, NULL)::curlew_applied;
  END IF;
  IF p_kind = 'member.role' THEN
    UPDATE member SET role = v_role, updated_xid = v_xid WHERE conversation_id = p_log AND user_id = v_user;
    UPDATE conversation SET rev_seq = p_seq WHERE id = p_log;
    RETURN ('OK', 'member:role', jsonb_build_object('userId', v_user, 'role', v_role), NULL, p_version + 1, NULL)::curlew_applied;
  END IF;
  UPDATE member SET left_seq = p_seq, updated_xid = v_xid,
    is_paused = coalesce((p_body->>'departed')::boolean, false) AND EXISTS (
      SELECT 1 FROM conversation c JOIN org_member o ON o.org_id = c.org_id AND o.user_id = v_user
      WHERE c.id = p_log AND o.is_deactivated)
    WHERE conversation_id = p_log AND user_id = v_user;
  UPDATE member_interval SET to_seq = p_seq WHERE conversation_id = p_log AND user_id = v_user AND to_seq IS NULL;
  UPDATE conversation SET rev_seq = p_seq WHERE id = p_log;
  RETURN ('OK', 'member:left', jsonb_build_object('userId', v_user), NULL, p_version + 1, NULL)::curlew_applied;
END $$;
