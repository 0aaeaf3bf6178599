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
  showSection,
  showSettings,
  type SettingsPage as Page,
} from '../../lib/navigation.ts';
import { useStore } from '../../lib/store.ts';
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

const pages: readonly { readonly page: Page; readonly icon: ReactNode }[] = [
  { page: 'account', icon: <CircleUserRound className="i" /> },
  { page: 'organization', icon: <Building2 className="i" /> },
  { page: 'devices', icon: <Laptop className="i" /> },
  { page: 'privacy', icon: <Lock className="i" /> },
  { page: 'notifications', icon: <Bell className="i" /> },
  { page: 'appearance', icon: <Palette className="i" /> },
  { page: 'keyboard', icon: <Keyboard className="i" /> },
  { page: 'storage', icon: <HardDrive className="i" /> },
  { page: 'network', icon: <Network className="i" /> },
  { page: 'advanced', icon: <Wrench className="i" /> },
  { page: 'about', icon: <Info className="i" /> },
];

/** What each is called; pages with texts of their own bring their title along. */
const titles = {
  account: 'settings.account',
  organization: 'settings.organization',
  devices: 'settings.devices',
  privacy: 'settings.privacy',
  notifications: 'notifications.title',
  appearance: 'settings.appearance',
  keyboard: 'settings.keyboard',
  storage: 'storage.title',
  network: 'network.title',
  advanced: 'advanced.title',
  about: 'settings.about',
} as const satisfies Record<Page, string>;

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
          {pages.map((each) => (
            <button
              key={each.page}
              type="button"
              className="n"
              aria-current={showBody && each.page === page ? 'page' : undefined}
              onClick={() => showSettings(each.page)}
            >
              {each.icon}
              {t(titles[each.page])}
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
