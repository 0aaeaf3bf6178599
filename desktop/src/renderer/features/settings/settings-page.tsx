/** Settings: its sections and the frame around them. Everything is saved on change; there is no Save button. */
import './settings.css';
import {
  ArrowLeft,
  Bell,
  Building2,
  CircleUserRound,
  HardDrive,
  Info,
  Keyboard,
  Laptop,
  Lock,
  Network,
  Palette,
  Wrench,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionMeta } from '../../../ipc/views.ts';
import {
  leavePage,
  navigation,
  settingsPages,
  showSection,
  showSettings,
  type SettingsPage as Page,
} from '../../lib/navigation.ts';
import { useStore } from '../../lib/store.ts';
import { settingsTitle } from '../../lib/settings-titles.ts';
import { IconButton } from '../../ui/button.tsx';
import { PageClose } from '../../ui/page.tsx';
import { AboutSection } from './about-section.tsx';
import { AccountSection } from './account-section.tsx';
import { AdvancedSection } from './advanced-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { KeyboardSection } from './keyboard-section.tsx';
import { NetworkSection } from './network-section.tsx';
import { NotificationsSection } from './notifications-section.tsx';
import { PrivacySection } from './privacy-section.tsx';
import { StorageSection } from './storage-section.tsx';

type Active = Extract<SessionMeta, { state: 'active' }>;

const icons: Readonly<Record<Page, ReactNode>> = {
  account: <CircleUserRound className="i" />,
  organization: <Building2 className="i" />,
  devices: <Laptop className="i" />,
  privacy: <Lock className="i" />,
  notifications: <Bell className="i" />,
  appearance: <Palette className="i" />,
  keyboard: <Keyboard className="i" />,
  storage: <HardDrive className="i" />,
  network: <Network className="i" />,
  advanced: <Wrench className="i" />,
  about: <Info className="i" />,
};

/** The page. */
export function SettingsPage({
  session,
  organization,
  isOffline,
  isNarrow,
}: {
  readonly session: Active;
  /** Its page, which is a part of its own. */
  readonly organization: ReactNode;
  readonly isOffline: boolean;
  readonly isNarrow: boolean;
}) {
  const { t } = useTranslation();
  const page = useStore(navigation, (value) => value.settingsPage);
  const isMenu = useStore(navigation, (value) => value.isSettingsMenu);
  const showMenu = !isNarrow || isMenu;
  const showBody = !isNarrow || !isMenu;
  return (
    <main className="pg" aria-label={t('settings.title')} data-f6="main" tabIndex={-1}>
      {showMenu ? (
        <nav className="snav" aria-label={t('settings.sections')}>
          <h2>{t('settings.title')}</h2>
          {settingsPages.map((each) => (
            <button
              key={each}
              type="button"
              className="n"
              aria-current={showBody && each === page ? 'page' : undefined}
              onClick={() => showSettings(each)}
            >
              {icons[each]}
              {t(settingsTitle(each))}
            </button>
          ))}
        </nav>
      ) : null}
      {showBody ? (
        <div className="sbody">
          {isNarrow ? (
            <IconButton label={t('settings.back')} onClick={() => showSection('settings')}>
              <ArrowLeft className="i" />
            </IconButton>
          ) : (
            <PageClose label={t('settings.close')} onClose={leavePage} />
          )}
          <div className="sin">
            {page === 'account' ? <AccountSection session={session} isOffline={isOffline} /> : null}
            {page === 'organization' ? organization : null}
            {page === 'devices' ? <DevicesSection /> : null}
            {page === 'privacy' ? <PrivacySection /> : null}
            {page === 'notifications' ? <NotificationsSection /> : null}
            {page === 'appearance' ? <AppearanceSection /> : null}
            {page === 'keyboard' ? <KeyboardSection /> : null}
            {page === 'storage' ? <StorageSection isOffline={isOffline} /> : null}
            {page === 'network' ? <NetworkSection serverUrl={session.serverUrl} /> : null}
            {page === 'advanced' ? <AdvancedSection /> : null}
            {page === 'about' ? <AboutSection /> : null}
          </div>
        </div>
      ) : null}
    </main>
  );
}
