import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { invoke } from '../../lib/bridge.ts';
import { showToast } from '../../lib/toast.ts';
import { Confirm } from '../../ui/dialog.tsx';

/** Asks before signing out, and again, with their number, when messages would be lost. */
export function SignOut({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [unsent, setUnsent] = useState(0);
  const close = () => {
    setUnsent(0);
    onClose();
  };
  const leave = async (ifUnsent: 'ask' | 'drop') => {
    const result = await invoke('session.signOut', { ifUnsent });
    if (!result.ok) {
      showToast({ text: result.error.message });
      close();
    } else if (result.value.signedOut) close();
    else setUnsent(result.value.unsent);
  };
  const mustAsk = unsent > 0;
  return (
    <Confirm
      key={mustAsk ? 'unsent' : 'plain'}
      isOpen={isOpen}
      title={mustAsk ? t('settings.unsentTitle', { count: unsent }) : t('settings.signOutTitle')}
      body={<p>{t(mustAsk ? 'settings.unsentBody' : 'settings.signOutBody')}</p>}
      safeLabel={t('settings.stay')}
      dangerLabel={t(mustAsk ? 'settings.signOutLose' : 'settings.signOutNow')}
      onSafe={close}
      onDanger={() => void leave(mustAsk ? 'drop' : 'ask')}
    />
  );
}
