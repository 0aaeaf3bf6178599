import { Network } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { NetworkForm } from '../../ui/network-form.tsx';
import type { ServerField } from './use-server.ts';

/** The network settings for whoever is not signed in: without the right proxy nobody ever could be. */
export function NetworkButton({ server }: { readonly server: ServerField }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const address = server.address.trim();
  const close = () => {
    setOpen(false);
    // What could not be reached may be within reach now.
    if (server.status.kind === 'failed') void server.probe();
  };
  return (
    <div className="auth-net">
      <Button tone="quiet" size="small" onClick={() => setOpen(true)}>
        <Network className="i i16" aria-hidden="true" />
        {t('network.open')}
      </Button>
      <Dialog isOpen={isOpen} onClose={close} title={t('network.open')} width="wide">
        <div className="db net-dialog">
          <NetworkForm serverUrl={address === '' ? null : address} />
        </div>
      </Dialog>
    </div>
  );
}
