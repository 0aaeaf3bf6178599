-- Account and organisation logs.

-- What an administrator did to an organisation's entry, in the same commit as the entry itself. Profiles are their
-- owners' business, and coming in by invitation is noted where the invitation is used.
CREATE FUNCTION curlew_audit_entry(
  p_log uuid, p_actor uuid, p_prefix text, p_id uuid, p_before jsonb, p_after jsonb
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_action text := CASE p_prefix
    WHEN 'org' THEN CASE WHEN p_before IS NOT NULL THEN 'org.rename' END
    WHEN 'policy' THEN 'policy.set'
    WHEN 'places' THEN 'places.set'
    WHEN 'role' THEN CASE
      WHEN p_after IS NULL AND p_actor = p_id THEN 'member.leave'
      WHEN p_after IS NULL THEN 'member.remove'
      WHEN p_before IS NULL THEN NULL
      WHEN p_after ? 'deactivated' AND NOT p_before ? 'deactivated' THEN 'member.deactivate'
      WHEN p_before ? 'deactivated' AND NOT p_after ? 'deactivated' THEN 'member.reactivate'
      ELSE 'role.set' END
    WHEN 'person' THEN NULL
    ELSE p_prefix || CASE WHEN p_before IS NULL THEN '.add' WHEN p_after IS NULL THEN '.remove' ELSE '.set' END
  END;
BEGIN
  IF v_action IS NOT NULL THEN
    INSERT INTO audit_entry (actor_id, org_id, action, target, detail)
      VALUES (p_actor, p_log, v_action, p_id, jsonb_strip_nulls(jsonb_build_object('from', p_before, 'to', p_after)));
  END IF;
END $$;

-- A person's place in an organisation. Null: out of it. Deactivated: out of it as well, but everything they had is kept.
-- Either way a bot's tokens and webhooks end in the same commit, whichever way it went out; and so do the sign-ins of
-- whoever is left with deactivated memberships only.
CREATE FUNCTION curlew_apply_role(p_log uuid, p_user uuid, p_value jsonb, p_seq bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_xid bigint := curlew_xid();
BEGIN
  IF p_value IS NULL THEN
    UPDATE org_member SET left_seq = coalesce(left_seq, p_seq), is_deactivated = false, updated_xid = v_xid
      WHERE org_id = p_log AND user_id = p_user;
    UPDATE member SET is_paused = false FROM conversation c
      WHERE c.id = member.conversation_id AND c.org_id = p_log AND member.user_id = p_user AND is_paused;
  ELSIF p_value ? 'deactivated' THEN
    UPDATE org_member SET role = p_value->>'role', left_seq = coalesce(left_seq, p_seq), is_deactivated = true,
      updated_xid = v_xid WHERE org_id = p_log AND user_id = p_user;
  ELSE
    INSERT INTO org_member (org_id, user_id, role, joined_seq, updated_xid)
      VALUES (p_log, p_user, p_value->>'role', p_seq, v_xid)
      ON CONFLICT (org_id, user_id) DO UPDATE SET role = p_value->>'role', updated_xid = v_xid, left_seq = NULL,
        is_deactivated = false,
        joined_seq = CASE WHEN org_member.left_seq IS NULL THEN org_member.joined_seq ELSE p_seq END;
    RETURN;
  END IF;
  -- Two organisations at once: the later one sees that the earlier one is gone.
  PERFORM 1 FROM user_account WHERE id = p_user FOR NO KEY UPDATE;
  UPDATE refresh_family SET revoked_at = now(), revoked_reason = 'deactivated'
    WHERE user_id = p_user AND revoked_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM org_member WHERE user_id = p_user AND left_seq IS NULL)
      AND EXISTS (SELECT 1 FROM org_member WHERE user_id = p_user AND is_deactivated);
  UPDATE device SET revoked_at = now() FROM api_token t
    WHERE t.user_id = p_user AND t.revoked_at IS NULL AND device.id = t.device_id AND device.revoked_at IS NULL;
  UPDATE api_token SET revoked_at = now() WHERE user_id = p_user AND revoked_at IS NULL;
  UPDATE webhook SET disabled_reason = 'off' WHERE bot_id = p_user AND disabled_reason IS NULL;
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
  -- Reading ends a mark and leaves its entry, so the same mark set again is something new.
  IF e.value IS NOT DISTINCT FROM v_value AND NOT (v_prefix = 'unread' AND EXISTS (
    SELECT 1 FROM member WHERE conversation_id = v_id AND user_id = p_actor AND left_seq IS NULL
      AND unread_from_seq IS DISTINCT FROM (v_value->>'fromSeq')::bigint)) THEN
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
  -- No bot may run an organisation, so one that only a bot owned could never be run again.
  IF v_prefix = 'role' AND v_value->>'role' = 'owner'
    AND EXISTS (SELECT 1 FROM user_account WHERE id = v_id AND bot_of IS NOT NULL) THEN
    RETURN ('FORBIDDEN', NULL, NULL, NULL, p_version, NULL)::curlew_applied;
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

  IF p_kind = 'org.set' THEN
    PERFORM curlew_audit_entry(p_log, p_actor, v_prefix, v_id, e.value, v_value);
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
    PERFORM curlew_apply_role(p_log, v_id, v_value, p_seq);
  END IF;
  RETURN ('OK', CASE p_kind WHEN 'account.set' THEN 'account:updated' ELSE 'org:updated' END,
    jsonb_build_object('key', v_key, 'value', v_value), NULL, v_version, NULL)::curlew_applied;
END $$;
