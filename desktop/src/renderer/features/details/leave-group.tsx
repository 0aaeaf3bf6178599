/** Leaving a group, with its question. The last owner of others names another one first. */
import { LogOut } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeGroup } from '../../lib/group-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';

/** See the file comment. */
export function LeaveGroup({
  conversationId,
  title,
  ownUserId,
  isLastOwner,
}: {
  readonly conversationId: string;
  readonly title: string;
  readonly ownUserId: string;
  readonly isLastOwner: boolean;
}) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const chooseButton = useRef<HTMLButtonElement>(null);
  const close = () => setAsking(false);
  return (
    <section className="sec">
      <button type="button" className="li leave" aria-haspopup="dialog" onClick={() => setAsking(true)}>
        <LogOut className="i i16" aria-hidden="true" />
        {t('group.leave')}
      </button>
      <Dialog
        isOpen={isAsking && isLastOwner}
        onClose={close}
        title={t('group.lastOwnerTitle')}
        initialFocus={chooseButton}
      >
        <div className="db">{t('group.lastOwnerBody', { title })}</div>
        <div className="df">
          <Button
            ref={chooseButton}
            tone="primary"
            onClick={() => {
              close();
              // After the dialog has given the focus back.
              setTimeout(() => document.querySelector<HTMLElement>('#members-title')?.focus(), 50);
            }}
          >
            {t('group.lastOwnerChoose')}
          </Button>
        </div>
      </Dialog>
      <Confirm
        isOpen={isAsking && !isLastOwner}
        title={t('group.leaveTitle', { title })}
        body={t('group.leaveBody')}
        safeLabel={t('group.stay')}
        dangerLabel={t('group.leaveConfirm')}
        onSafe={close}
        onDanger={() => {
          close();
          void changeGroup('group.remove', { conversationId, userId: ownUserId });
        }}
      />
    </section>
  );
}
