/** The title bar: name, connection chip, and window buttons where the system draws none. */
import { Minus, X } from 'lucide-react';
import { useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bridge, tell } from '../lib/bridge.ts';
import { Mark } from '../ui/mark.tsx';

interface OverlayNavigator {
  readonly windowControlsOverlay?: EventTarget & { readonly visible: boolean };
}

const overlay = () => (navigator as OverlayNavigator).windowControlsOverlay;

/** Whether the system already draws minimize, maximize and close over the page. */
function hasSystemButtons(): boolean {
  return bridge().boot.platform === 'darwin' || overlay()?.visible === true;
}

function watchOverlay(listener: () => void): () => void {
  const target = overlay();
  target?.addEventListener('geometrychange', listener);
  return () => target?.removeEventListener('geometrychange', listener);
}

/** The bar; its children stand before the window buttons. */
export function TitleBar({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const isSystem = useSyncExternalStore(watchOverlay, hasSystemButtons);
  return (
    <header className={`titlebar${isSystem ? ' system-buttons' : ''}`}>
      <Mark />
      <span className="name">{t('app.name')}</span>
      <span className="grow" />
      {children}
      {isSystem ? null : (
        <div className="winctl">
          <WindowButton action="minimize" label={t('app.minimize')}>
            <Minus className="i i14" aria-hidden="true" />
          </WindowButton>
          <WindowButton action="maximize" label={t('app.maximize')}>
            <svg
              width="11"
              height="11"
              viewBox="0 0 11 11"
              fill="none"
              stroke="currentColor"
              aria-hidden="true"
            >
              <rect x=".5" y=".5" width="10" height="10" rx="1.5" />
            </svg>
          </WindowButton>
          <WindowButton action="close" label={t('app.close')}>
            <X className="i i16" aria-hidden="true" />
          </WindowButton>
        </div>
      )}
    </header>
  );
}

function WindowButton({
  action,
  label,
  children,
}: {
  readonly action: 'minimize' | 'maximize' | 'close';
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <button type="button" tabIndex={-1} aria-label={label} onClick={() => tell('window.control', { action })}>
      {children}
    </button>
  );
}
