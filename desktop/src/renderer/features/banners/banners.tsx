/**
 * Lasting notices above the content: signed out, no keyring, disk full, repaired data. Each says what happened, what is
 * safe and what to do; none of them stops reading or writing.
 */
import './banners.css';
import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Notice, SessionMeta } from '../../../ipc/views.ts';
import { invoke, tell } from '../../lib/bridge.ts';
import { openDialog, showSection, showSettings } from '../../lib/navigation.ts';
import { showToast } from '../../lib/toast.ts';
import { Button, IconButton } from '../../ui/button.tsx';

type Active = Extract<SessionMeta, { state: 'active' }>;
type Tone = 'bad' | 'wrn' | 'inf';

const tones: Record<Notice['kind'], Tone> = {
  diskFull: 'wrn',
  accountUnsaved: 'wrn',
  cacheRebuilt: 'inf',
  outboxSalvaged: 'wrn',
  outboxFromCopy: 'wrn',
  serverRestored: 'inf',
  updateRequired: 'bad',
  deviceCloned: 'bad',
};

/** All notices of a session. */
export function Banners({ session }: { readonly session: Active }) {
  const { t } = useTranslation();
  const keepForThisRun = async () => {
    const result = await invoke('session.keepForThisRun', {});
    if (!result.ok) showToast({ text: result.error.message });
  };
  const hasKeyringBanner = session.keyring === 'ask' || session.keyring === 'silent';
  if (!session.needsSignIn && !hasKeyringBanner && session.notices.length === 0) return null;
  return (
    <div className="banners" role="region" aria-label={t('banner.region')}>
      {session.needsSignIn ? (
        <Banner tone="bad" text={t('banner.needsSignIn')}>
          <Button size="small" tone="primary" onClick={() => openDialog('signIn')}>
            {t('banner.signIn')}
          </Button>
        </Banner>
      ) : null}
      {session.keyring === 'ask' ? (
        <Banner tone="wrn" text={t('banner.keyring')}>
          <Button size="small" onClick={() => showSettings('account')}>
            {t('banner.signOut')}
          </Button>
          <Button size="small" tone="primary" onClick={() => void keepForThisRun()}>
            {t('banner.keepForThisRun')}
          </Button>
        </Banner>
      ) : null}
      {session.keyring === 'silent' ? <Banner tone="wrn" text={t('banner.keyringSilent')} /> : null}
      {session.notices.map((notice) => (
        <Banner key={notice.id} tone={tones[notice.kind]} text={t(`banner.${notice.kind}`)}>
          {notice.kind === 'outboxSalvaged' || notice.kind === 'outboxFromCopy' ? (
            <Button size="small" onClick={() => showSection('outbox')}>
              {t('banner.openOutbox')}
            </Button>
          ) : null}
          {notice.kind === 'deviceCloned' ? (
            <Button size="small" onClick={() => openDialog('signIn')}>
              {t('banner.signIn')}
            </Button>
          ) : null}
          <IconButton
            label={t('app.dismiss')}
            isSmall
            onClick={() => tell('session.dismissNotice', { id: notice.id })}
          >
            <X className="i i16" />
          </IconButton>
        </Banner>
      ))}
    </div>
  );
}

function Banner({
  tone,
  text,
  children,
}: {
  readonly tone: Tone;
  readonly text: string;
  readonly children?: ReactNode;
}) {
  const Icon = tone === 'bad' ? CircleAlert : tone === 'wrn' ? TriangleAlert : Info;
  return (
    <div className={`banner ${tone}`} role={tone === 'inf' ? 'status' : 'alert'}>
      <Icon className="i" aria-hidden="true" />
      <span className="grow">{text}</span>
      {children}
    </div>
  );
}
