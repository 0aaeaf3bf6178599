-- long-file: functions can only be replaced whole, and most of it is curlew_append as it was.
-- Groups, linked conversations, announcements, threads, mentions, sites and units: the columns they need, and the
-- functions of the earlier migrations as they are from now on.

ALTER TABLE conversation
  ADD COLUMN pins uuid[] DEFAULT ARRAY[]::uuid[],
  ADD COLUMN is_closed boolean NOT NULL DEFAULT false,
  ADD COLUMN message_ttl_ms bigint,
  ADD COLUMN history text NOT NULL DEFAULT 'all',
  ADD COLUMN audience jsonb;
ALTER TABLE conversation RENAME COLUMN dm_key TO unique_key;
ALTER INDEX conversation_dm_key_key RENAME TO conversation_unique_key_key;
-- Audiences of one organisation are looked up whenever somebody comes, goes or moves.
CREATE INDEX conversation_audience ON conversation (org_id) WHERE audience IS NOT NULL;

ALTER TABLE message
  ADD COLUMN extras jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN expires_at_ms bigint;
CREATE INDEX message_expiry ON message (expires_at_ms) WHERE expires_at_ms IS NOT NULL AND deleted_at_ms IS NULL;
CREATE INDEX message_thread ON message (thread_root_id, create_seq) WHERE thread_root_id IS NOT NULL;

-- What is scheduled, over all accounts: looked through every few seconds, and short.
CREATE INDEX log_entry_scheduled ON log_entry (key) WHERE key LIKE 'scheduled:%';
-- Settings and members as of a position, for those who left there: few events among many messages.
CREATE INDEX event_settings ON event (log_id, seq) WHERE target_seq IS NULL;

ALTER TABLE unit ADD COLUMN parent_id uuid;

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
CREATE OR REPLACE FUNCTION curlew_create_conversation(p_log uuid, p_actor uuid, p_body jsonb, p_at bigint)
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
          AND curlew_sees(p_log, p_actor, m.create_seq)) THEN
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
  IF c.is_closed <> before.is_closed THEN v_version := p_version + 1; END IF;
  c.rev_seq := p_seq;
  UPDATE conversation SET title = c.title, link = c.link, is_closed = c.is_closed, message_ttl_ms = c.message_ttl_ms,
    pins = c.pins, rev_seq = p_seq WHERE id = p_log;
  RETURN ('OK', 'conversation:updated', curlew_settings(c, false), NULL, v_version, NULL)::curlew_applied;
END $$;

CREATE FUNCTION curlew_uuids(p_ids jsonb) RETURNS uuid[] LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(array_agg(id::uuid), '{}') FROM jsonb_array_elements_text(coalesce(p_ids, '[]')) AS id
$$;

-- As before, with mentions, thread and extras, and the time the organisation gives authors to change their mind
-- (body.windowMs; absent: for ever).
CREATE OR REPLACE FUNCTION curlew_apply_to_message(
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

  -- An author may change or take back what they wrote for as long as the organisation allows.
  IF (p_body->>'own')::boolean AND m.created_at_ms + (p_body->>'windowMs')::bigint < p_at THEN
    RETURN ('FORBIDDEN', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
  END IF;

  IF p_kind = 'message.delete' THEN
    IF m.deleted_at_ms IS NOT NULL THEN
      RETURN ('OK', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
    END IF;
    -- A tombstone holds nothing its author wrote, and neither does the log any more.
    UPDATE message SET text = NULL, ciphertext = NULL, reply_to = NULL, mentions = '{}', extras = '{}', expires_at_ms = NULL,
      composed_at_ms = created_at_ms,
      edited_at_ms = NULL, deleted_at_ms = p_at, rev_seq = p_seq, edit_seqs = '{}' WHERE id = v_id;
    UPDATE event SET payload = NULL WHERE log_id = p_log AND seq = ANY (m.create_seq || m.edit_seqs);
    DELETE FROM reaction WHERE message_id = v_id;
    RETURN ('OK', 'message:deleted', jsonb_build_object('messageId', v_id, 'threadRootId', m.thread_root_id), m.create_seq, p_version, NULL)::curlew_applied;
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

-- As before, with the history that those who join see.
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
    -- Whoever left the organisation since this was allowed does not come in.
    IF NOT EXISTS (SELECT 1 FROM conversation c JOIN org_member o ON o.org_id = c.org_id AND o.user_id = v_user
        WHERE c.id = p_log AND o.left_seq IS NULL) THEN
      RETURN ('NOT_FOUND', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
    END IF;
    -- Who comes new reads from the start where the group says so; nothing of it is unread to them. Who comes back
    -- keeps a hole where they were away.
    INSERT INTO member (conversation_id, user_id, role, joined_seq, read_seq, updated_xid)
      VALUES (p_log, v_user, v_role, p_seq, p_seq, v_xid)
      ON CONFLICT (conversation_id, user_id) DO UPDATE SET role = v_role, joined_seq = p_seq, left_seq = NULL,
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
  UPDATE member SET left_seq = p_seq, updated_xid = v_xid WHERE conversation_id = p_log AND user_id = v_user;
  UPDATE member_interval SET to_seq = p_seq WHERE conversation_id = p_log AND user_id = v_user AND to_seq IS NULL;
  UPDATE conversation SET rev_seq = p_seq WHERE id = p_log;
  RETURN ('OK', 'member:left', jsonb_build_object('userId', v_user), NULL, p_version + 1, NULL)::curlew_applied;
END $$;

-- As before, with policies, sites, units and who belongs to them.
CREATE OR REPLACE FUNCTION curlew_apply_entry(
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
  -- Sites and units are found by their ids alone, so nobody can claim another organisation's.
  IF v_prefix = 'site' AND EXISTS (SELECT 1 FROM site WHERE id = v_id AND org_id <> p_log)
    OR v_prefix = 'unit' AND (
      EXISTS (SELECT 1 FROM unit JOIN site ON site.id = unit.site_id WHERE unit.id = v_id AND site.org_id <> p_log)
      OR v_value IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM site WHERE id = (v_value->>'siteId')::uuid AND org_id = p_log))
    OR v_prefix = 'places' AND NOT EXISTS (SELECT 1 FROM org_member WHERE org_id = p_log AND user_id = v_id) THEN
    RETURN ('NOT_FOUND', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
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
  ELSIF v_prefix = 'policy' THEN
    -- What is allowed changed: everything authorised on the old rules is judged again.
    v_version := p_version + 1;
  ELSIF v_prefix = 'site' THEN
    IF v_value IS NULL THEN
      DELETE FROM site_member WHERE site_id = v_id AND EXISTS (SELECT 1 FROM site WHERE id = v_id AND org_id = p_log);
      DELETE FROM site WHERE id = v_id AND org_id = p_log;
    ELSE
      INSERT INTO site (id, org_id, name) VALUES (v_id, p_log, v_value->>'name')
        ON CONFLICT (id) DO UPDATE SET name = v_value->>'name';
    END IF;
  ELSIF v_prefix = 'unit' THEN
    IF v_value IS NULL THEN
      DELETE FROM unit_member WHERE unit_id = v_id
        AND EXISTS (SELECT 1 FROM unit JOIN site ON site.id = unit.site_id WHERE unit.id = v_id AND site.org_id = p_log);
      DELETE FROM unit USING site WHERE unit.id = v_id AND site.id = unit.site_id AND site.org_id = p_log;
    ELSE
      INSERT INTO unit (id, site_id, name, parent_id)
        SELECT v_id, site.id, v_value->>'name', (v_value->>'parentId')::uuid FROM site
        WHERE site.id = (v_value->>'siteId')::uuid AND site.org_id = p_log
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, site_id = excluded.site_id, parent_id = excluded.parent_id;
    END IF;
  ELSIF v_prefix = 'places' THEN
    DELETE FROM site_member USING site WHERE site.id = site_member.site_id AND site.org_id = p_log AND user_id = v_id;
    DELETE FROM unit_member USING unit, site
      WHERE unit.id = unit_member.unit_id AND site.id = unit.site_id AND site.org_id = p_log AND user_id = v_id;
    INSERT INTO site_member (site_id, user_id, role) SELECT site.id, v_id, 'member' FROM site
      WHERE site.org_id = p_log AND site.id = ANY (curlew_uuids(v_value->'siteIds'));
    INSERT INTO unit_member (unit_id, user_id, role) SELECT unit.id, v_id, 'member' FROM unit JOIN site ON site.id = unit.site_id
      WHERE site.org_id = p_log AND unit.id = ANY (curlew_uuids(v_value->'unitIds'));
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

-- As before, with thread, mentions, extras and the time a message disappears.
CREATE OR REPLACE FUNCTION curlew_write_sends(
  p_logs uuid[], p_seqs bigint[], p_actors uuid[], p_devices uuid[], p_ops uuid[], p_hashes bytea[], p_payloads jsonb[],
  p_chains bytea[], p_versions bigint[], p_at bigint
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event (log_id, seq, type, actor_id, device_id, op_id, op_hash, at_ms, payload, chain, member_version, target_seq)
    SELECT u.log, u.seq, 'message:new', u.actor, u.device, u.op, u.hash, p_at, u.payload, u.chain, u.version, u.seq
    FROM unnest(p_logs, p_seqs, p_actors, p_devices, p_ops, p_hashes, p_payloads, p_chains, p_versions)
      AS u(log, seq, actor, device, op, hash, payload, chain, version);
  INSERT INTO message (id, conversation_id, create_seq, rev_seq, text_seq, sender_id, text, reply_to, composed_at_ms, created_at_ms,
      thread_root_id, mentions, extras, expires_at_ms)
    SELECT u.op, u.log, u.seq, u.seq, u.seq, u.actor, u.payload->>'text', (u.payload->>'replyTo')::uuid,
      (u.payload->>'composedAt')::bigint, p_at, (u.payload->>'threadRootId')::uuid,
      CASE WHEN u.payload ? 'mentions' THEN curlew_uuids(u.payload->'mentions') ELSE '{}' END,
      coalesce(u.payload->'extras', '{}'), p_at + (u.payload->'extras'->>'ttlMs')::bigint
    FROM unnest(p_ops, p_logs, p_seqs, p_actors, p_payloads) AS u(op, log, seq, actor, payload);
END $$;

-- As before, with threads, settings and conversations that an item of another system names.
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
      IF r.body->>'threadRootId' IS NOT NULL THEN
        -- One level: a reply in a thread starts none of its own.
        IF NOT EXISTS (SELECT 1 FROM unnest(s_ops, s_logs, s_payloads) AS s(op, log, payload)
            WHERE s.op = (r.body->>'threadRootId')::uuid AND s.log = r.log AND s.payload->>'threadRootId' IS NULL)
          AND NOT EXISTS (
            SELECT 1 FROM message WHERE id = (r.body->>'threadRootId')::uuid AND conversation_id = r.log
              AND thread_root_id IS NULL) THEN
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
