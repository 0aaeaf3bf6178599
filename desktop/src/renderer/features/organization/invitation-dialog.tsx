/** What an invitation that came by a link leads to while somebody is signed in: the question whether to join. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionMeta } from '../../../ipc/views.ts';
import { invitation } from '../../lib/invitation.ts';
import { hostOf } from '../../lib/linked-items.ts';
import { showSection, showSettings } from '../../lib/navigation.ts';
import { chooseOrg } from '../../lib/scope.ts';
import { useStore } from '../../lib/store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { AddDialog } from './add-dialog.tsx';

type Active = Extract<SessionMeta, { state: 'active' }>;

/** See the file comment. */
export function InvitationDialog({ session }: { readonly session: Active }) {
  const { t } = useTranslation();
  const arrived = useStore(invitation, (value) => value);
  const [putOff, setPutOff] = useState<typeof arrived>(null);
  const close = () => invitation.set(null);
  if (!arrived || arrived === putOff) return null;
  if (arrived.serverUrl === session.serverUrl) {
    return (
      <AddDialog
        // Another link brings another code.
        key={arrived.code}
        isOpen
        invitation={arrived.code}
        onClose={close}
        onAdded={(orgId) => {
          close();
          chooseOrg(orgId);
          showSection('chats');
        }}
      />
    );
  }
  return (
    <Dialog
      isOpen
      onClose={close}
      title={t('invitation.elsewhereTitle', { server: hostOf(arrived.serverUrl) })}
    >
      <div className="db">
        <p>{t('invitation.elsewhereBody', { server: hostOf(session.serverUrl) })}</p>
      </div>
      <div className="df">
        <Button onClick={close}>{t('invitation.dismiss')}</Button>
        <Button
          tone="primary"
          onClick={() => {
            // It stays for the screen that comes after signing out.
            setPutOff(arrived);
            showSettings('account');
          }}
        >
          {t('invitation.toAccount')}
        </Button>
      </div>
    </Dialog>
  );
}
