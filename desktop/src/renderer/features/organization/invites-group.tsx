/** Invitations that are open: what is left of each, making one, ending one. Needs the network and says so. */
import { useCallback, useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import { invoke, tell } from '../../lib/bridge.ts';
import { formatDate } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { FieldError, TextField } from '../../ui/field.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { changeOrganization } from './organization-actions.ts';

type Invite = IntentAnswer<'invites.list'>['invites'][number];
type Loaded = { readonly invites: readonly Invite[] } | { readonly failure: string } | null;

const dayMs = 86_400_000;
const days = [1, 7, 30, null] as const;
const uses = [1, 10, 100, null] as const;

/** See the file comment. */
export function InvitesGroup({ orgId }: { readonly orgId: string }) {
  const { t } = useTranslation();
  const [loaded, setLoaded] = useState<Loaded>(null);
  const [isCreating, setCreating] = useState(false);
  const [revoked, setRevoked] = useState<Invite | null>(null);
  const load = useCallback(async () => {
    const result = await invoke('invites.list', { orgId });
    setLoaded(result.ok ? result.value : { failure: result.error.message });
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
            {t('organization.inviteCreate')}
          </Button>
        </Row>
      </Group>
      <Dialog isOpen={isCreating} onClose={() => setCreating(false)} title={t('organization.inviteTitle')}>
        <CreateForm orgId={orgId} onCreated={() => void load()} onClose={() => setCreating(false)} />
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
  const { createdByName: name, createdAtMs, expiresAtMs, maxUses, uses: used } = invite;
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
      detail={`${use} · ${end}`}
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

interface CreateProps {
  readonly orgId: string;
  readonly onCreated: () => void;
  readonly onClose: () => void;
}

function CreateForm({ orgId, onCreated, onClose }: CreateProps) {
  const { t } = useTranslation();
  const [dayAt, setDayAt] = useState(1);
  const [useAt, setUseAt] = useState(0);
  const [link, setLink] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const create = async (event: FormEvent) => {
    event.preventDefault();
    const day = days[dayAt] ?? null;
    const expiresInMs = day === null ? null : day * dayMs;
    const result = await invoke('invite.create', { orgId, expiresInMs, maxUses: uses[useAt] ?? null });
    setProblem(result.ok ? null : result.error.message);
    if (!result.ok) return;
    setLink(result.value.url);
    onCreated();
  };
  if (link !== null) {
    return (
      <>
        <div className="db form">
          <p>{t('organization.inviteReady')}</p>
          <TextField label={t('people.inviteLink')} value={link} readOnly isMono />
        </div>
        <div className="df">
          <Button onClick={() => tell('app.copyText', { text: link })}>{t('people.copyLink')}</Button>
          <Button tone="primary" onClick={onClose}>
            {t('people.done')}
          </Button>
        </div>
      </>
    );
  }
  return (
    <form onSubmit={(event) => void create(event)}>
      <div className="db form">
        <label className="field">
          <span className="label">{t('organization.inviteExpiry')}</span>
          <select className="selbox" value={dayAt} onChange={(event) => setDayAt(Number(event.target.value))}>
            {days.map((day, at) => (
              <option key={at} value={at}>
                {day === null ? t('organization.forever') : t('organization.days', { count: day })}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span className="label">{t('organization.inviteUses')}</span>
          <select className="selbox" value={useAt} onChange={(event) => setUseAt(Number(event.target.value))}>
            {uses.map((count, at) => (
              <option key={at} value={at}>
                {count ?? t('organization.anyNumber')}
              </option>
            ))}
          </select>
        </label>
        <FieldError text={problem} />
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits>
          {t('organization.inviteCreate')}
        </Button>
      </div>
    </form>
  );
}
