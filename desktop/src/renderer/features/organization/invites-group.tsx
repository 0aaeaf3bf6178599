/** Invitations that are open: what is left of each, making one, ending one. Needs the network and says so. */
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatDate } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { InviteForm } from '../../ui/invite-form.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { changeOrganization } from './organization-actions.ts';

type Invite = IntentAnswer<'invites.list'>['invites'][number];
type Loaded = { readonly invites: readonly Invite[] } | { readonly failure: string } | null;

/** See the file comment. */
export function InvitesGroup({ orgId }: { readonly orgId: string }) {
  const { t } = useTranslation();
  const [loaded, setLoaded] = useState<Loaded>(null);
  const [isCreating, setCreating] = useState(false);
  const [revoked, setRevoked] = useState<Invite | null>(null);
  const load = useCallback(async () => {
    const result = await invoke('invites.list', { orgId });
    setLoaded(result.ok ? result.value : { failure: errorText(result.error) });
  }, [orgId]);
  useEffect(() => void load(), [load]);
  const revoke = async (invite: Invite) => {
    setRevoked(null);
    if (await changeOrganization('invite.revoke', { orgId, inviteId: invite.id })) await load();
  };
  return (
    <>
      <Group title={t('organization.invites')}>
        {loaded === null ? <Row title={t('organization.invitesLoading')} /> : null}
        {loaded && 'failure' in loaded ? (
          <Row title={t('organization.invitesFailed', { reason: loaded.failure })}>
            <Button size="small" onClick={() => void load()}>
              {t('app.tryAgain')}
            </Button>
          </Row>
        ) : null}
        {loaded && 'invites' in loaded && loaded.invites.length === 0 ? (
          <Row title={t('organization.noInvites')} />
        ) : null}
        {(loaded && 'invites' in loaded ? loaded.invites : []).map((invite) => (
          <InviteRow key={invite.id} invite={invite} onRevoke={() => setRevoked(invite)} />
        ))}
        <Row title="">
          <Button size="small" aria-haspopup="dialog" onClick={() => setCreating(true)}>
            {t('invite.create')}
          </Button>
        </Row>
      </Group>
      <Dialog isOpen={isCreating} onClose={() => setCreating(false)} title={t('invite.title')}>
        <InviteForm orgId={orgId} onCreated={() => void load()} onClose={() => setCreating(false)} />
      </Dialog>
      <Confirm
        isOpen={revoked !== null}
        title={t('organization.revokeTitle')}
        body={t('organization.revokeBody')}
        safeLabel={t('organization.keep')}
        dangerLabel={t('organization.revoke')}
        onSafe={() => setRevoked(null)}
        onDanger={() => revoked && void revoke(revoked)}
      />
    </>
  );
}

function InviteRow({ invite, onRevoke }: { readonly invite: Invite; readonly onRevoke: () => void }) {
  const { t } = useTranslation();
  const { email, createdByName: name, createdAtMs, expiresAtMs, maxUses, uses: used } = invite;
  const date = formatDate(createdAtMs);
  const use =
    maxUses === null
      ? t('organization.inviteUsedAny', { uses: used })
      : t('organization.inviteUsed', { uses: used, max: maxUses });
  const end =
    expiresAtMs === null
      ? t('organization.expiresNever')
      : t('organization.expires', { date: formatDate(expiresAtMs) });
  return (
    <Row
      title={
        name === '' ? t('organization.inviteByUnknown', { date }) : t('organization.inviteBy', { name, date })
      }
      detail={[...(email === null ? [] : [t('organization.invitedEmail', { email })]), use, end].join(' · ')}
    >
      <Button
        size="small"
        tone="dangerQuiet"
        aria-label={t('organization.revokeName', { date })}
        onClick={onRevoke}
      >
        {t('organization.revoke')}
      </Button>
    </Row>
  );
}
