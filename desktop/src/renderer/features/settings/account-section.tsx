import { ChevronDown, LogOut } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionMeta } from '../../../ipc/views.ts';
import { errorText } from '../../i18n/index.ts';
import { hostOf } from '../../lib/accounts.ts';
import { invoke } from '../../lib/bridge.ts';
import { useOwnStatus } from '../../lib/own-status.ts';
import { showToast } from '../../lib/toast.ts';
import { Avatar, PresenceDot, type PresenceState } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { askSignOut, navigation, openDialog } from '../../lib/navigation.ts';
import { useStore } from '../../lib/store.ts';
import { ExportButton } from '../../ui/export-button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { StatusMenu } from '../../ui/status-menu.tsx';
import { Accounts } from './accounts-group.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { SignOut } from './sign-out.tsx';

type Active = Extract<SessionMeta, { state: 'active' }>;

const roles = ['owner', 'admin', 'member', 'guest'] as const;
type Role = (typeof roles)[number];
const isRole = (role: string): role is Role => roles.some((each) => each === role);

const keyringTexts = {
  stored: 'settings.keyringStored',
  thisRunOnly: 'settings.keyringThisRun',
  ask: 'settings.keyringThisRun',
  silent: 'settings.keyringSilent',
} as const satisfies Record<Active['keyring'], string>;

/** Name, status, organizations, password, sign-out. */
export function AccountSection({
  session,
  isOffline,
}: {
  readonly session: Active;
  readonly isOffline: boolean;
}) {
  const { t } = useTranslation();
  const [isChanging, setChanging] = useState(false);
  const isLeaving = useStore(navigation, ({ dialog }) => dialog === 'signOut');
  return (
    <>
      <h1>{t('settings.account')}</h1>
      <p className="lead">{t('settings.accountLead')}</p>
      <Profile session={session} isOffline={isOffline} />
      <Group title={t('settings.organizations')}>
        {session.orgs.map((org) => (
          <Row
            key={org.id}
            icon={<Avatar name={org.name} size={36} kind="group" />}
            title={org.name}
            detail={hostOf(session.serverUrl)}
          >
            <span className="tag">{isRole(org.role) ? t(`settings.role.${org.role}`) : org.role}</span>
          </Row>
        ))}
      </Group>
      <Accounts />
      <Group title={t('settings.security')}>
        <Row title={t('settings.password')} detail={t('settings.passwordHelp')}>
          <Button size="small" aria-label={t('settings.passwordTitle')} onClick={() => setChanging(true)}>
            {t('settings.changePassword')}
          </Button>
        </Row>
        <Row title={t('settings.signInKept')} detail={t(keyringTexts[session.keyring])} />
      </Group>
      <Group title={t('exporting.title')}>
        <Row title={t('exporting.account')} detail={t('exporting.accountHelp')}>
          <ExportButton conversationId={null} label={t('exporting.account')} />
        </Row>
      </Group>
      <div className="row page-actions">
        <Button onClick={askSignOut}>
          <LogOut className="i i16" aria-hidden="true" />
          {t('settings.signOut')}
        </Button>
      </div>
      <PasswordDialog isOpen={isChanging} onClose={() => setChanging(false)} />
      <SignOut isOpen={isLeaving} onClose={() => openDialog(null)} />
    </>
  );
}

function Profile({ session, isOffline }: { readonly session: Active; readonly isOffline: boolean }) {
  const { t } = useTranslation();
  const [name, setName] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [anchor, setAnchor] = useState<Element | null>(null);
  const status = useOwnStatus();
  const presence: PresenceState | null = isOffline ? null : (status?.state ?? 'online');
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const next = (name ?? '').trim();
    if (next === '') return;
    const result = await invoke('account.rename', { name: next });
    if (!result.ok) {
      setError(errorText(result.error));
      return;
    }
    setName(null);
    showToast({ text: t('settings.nameSaved') });
  };
  return (
    <Group>
      <div className="srow profile">
        <Avatar name={session.name} size={72} presence={presence} isNamed />
        {name === null ? (
          <>
            <div className="grow">
              <div className="b profile-name">{session.name}</div>
              <div className="t3 s13">{session.email}</div>
            </div>
            <Button size="small" onClick={() => setName(session.name)}>
              {t('settings.editName')}
            </Button>
          </>
        ) : (
          <form className="grow row profile-form" onSubmit={(event) => void save(event)}>
            <div className="grow">
              <TextField
                label={t('settings.name')}
                autoFocus
                autoComplete="name"
                value={name}
                error={error}
                onChange={(event) => {
                  setName(event.target.value);
                  setError(null);
                }}
              />
            </div>
            <Button size="small" onClick={() => setName(null)}>
              {t('app.cancel')}
            </Button>
            <Button size="small" tone="primary" submits disabled={name.trim() === ''}>
              {t('settings.saveName')}
            </Button>
          </form>
        )}
      </div>
      <Row title={t('settings.status')} detail={t('settings.statusHelp')}>
        <button
          type="button"
          className="selbox"
          aria-haspopup="menu"
          aria-label={`${t('settings.status')}: ${status?.text ?? t(`presence.${presence ?? 'offline'}`)}`}
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <span className="row">
            <PresenceDot state={presence ?? 'offline'} inline />
            {status?.text ?? t(`presence.${presence ?? 'offline'}`)}
          </span>
          <ChevronDown className="i i16" aria-hidden="true" />
        </button>
        <StatusMenu anchor={anchor} onClose={() => setAnchor(null)} />
      </Row>
    </Group>
  );
}
