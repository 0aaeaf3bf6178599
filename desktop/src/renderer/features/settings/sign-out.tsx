import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WouldLose } from '../../../ipc/unsent.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { showToast } from '../../lib/toast.ts';
import { Confirm } from '../../ui/dialog.tsx';

/** Asks before signing out, and again, saying what, when something would be lost. */
export function SignOut({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [loss, setLoss] = useState<WouldLose | null>(null);
  const close = () => {
    setLoss(null);
    onClose();
  };
  const leave = async (ifUnsent: 'ask' | 'drop' | 'export') => {
    const result = await invoke('session.signOut', { ifUnsent });
    if (result.ok && result.value.signedOut) close();
    else if (result.ok) setLoss(result.value.wouldLose);
    else {
      showToast({ text: errorText(result.error) });
      // An export that failed can be tried at another place.
      if (ifUnsent !== 'export') close();
    }
  };
  if (!loss) {
    return (
      <Confirm
        key="plain"
        isOpen={isOpen}
        title={t('settings.signOutTitle')}
        body={<p>{t('settings.signOutBody')}</p>}
        safeLabel={t('settings.stay')}
        dangerLabel={t('settings.signOutNow')}
        onSafe={close}
        onDanger={() => void leave('ask')}
      />
    );
  }
  const { messages, drafts, changes } = loss;
  const [title, ...others] = [
    ...(messages > 0 ? [t('settings.unsentTitle', { count: messages })] : []),
    ...(drafts > 0 ? [t('settings.unsentDraftsTitle', { count: drafts })] : []),
    ...(changes > 0 ? [t('settings.unsentChangesTitle', { count: changes })] : []),
  ];
  const hasTexts = messages + drafts > 0;
  return (
    <Confirm
      key="unsent"
      isOpen={isOpen}
      // Everything may have been sent while the person chose a place for the export.
      title={title ?? t('settings.signOutTitle')}
      body={
        <>
          {others.map((line) => (
            <p key={line}>{line}</p>
          ))}
          <p>{t(hasTexts ? 'settings.unsentBody' : 'settings.unsentChangesBody')}</p>
        </>
      }
      safeLabel={t('settings.stay')}
      between={
        hasTexts ? { label: t('settings.exportAndSignOut'), onChoose: () => void leave('export') } : undefined
      }
      dangerLabel={t(title === undefined ? 'settings.signOutNow' : 'settings.signOutLose')}
      onSafe={close}
      onDanger={() => void leave('drop')}
    />
  );
}
