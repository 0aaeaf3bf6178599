import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/dialog.tsx';
import { InviteForm } from '../../ui/invite-form.tsx';

/** Makes an invitation to an organization and shows its code and link. */
export function InviteDialog({
  org,
  isOpen,
  onClose,
}: {
  readonly org: { readonly id: string; readonly name: string };
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('invite.titleFor', { name: org.name })}>
      <InviteForm orgId={org.id} onClose={onClose} />
    </Dialog>
  );
}
