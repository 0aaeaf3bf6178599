/**
 * Lasting notices above the content: signed out, no keyring, disk full, repaired data, updates. Each says what happened, what is
 * safe and what to do; none of them stops reading or writing.
 */
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Notice, SessionMeta } from '../../../ipc/views.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke, tell } from '../../lib/bridge.ts';
import { openDialog, showSection, showSettings } from '../../lib/navigation.ts';
import { showToast } from '../../lib/toast.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Banner, type Tone } from './banner.tsx';
import { useUpdateBanners } from './update-banners.tsx';

type Active = Extract<SessionMeta, { state: 'active' }>;

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
  const updates = useUpdateBanners();
  const keepForThisRun = async () => {
    const result = await invoke('session.keepForThisRun', {});
    if (!result.ok) showToast({ text: errorText(result.error) });
  };
  const hasKeyringBanner = session.keyring === 'ask' || session.keyring === 'silent';
  const isQuiet = !session.needsSignIn && !hasKeyringBanner && session.notices.length === 0;
  if (isQuiet && updates.length === 0) return null;
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
      {updates}
    </div>
  );
}
