import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { sentTitle } from '../../lib/group-title.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { nameProblem } from './organization-actions.ts';

/** A name that is asked for; `save` resolves to whether it was taken. */
export interface NameRequest {
  readonly title: string;
  readonly name: string;
  readonly save: (name: string) => Promise<boolean>;
}

/** Asks for a name while there is a request. */
export function NameDialog({
  request,
  onClose,
}: {
  readonly request: NameRequest | null;
  readonly onClose: () => void;
}) {
  return (
    <Dialog isOpen={request !== null} onClose={onClose} title={request?.title ?? ''}>
      {request ? <Form request={request} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Form({ request, onClose }: { readonly request: NameRequest; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(request.name);
  const [wasSent, setSent] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (nameProblem(name, t) !== null) return;
    if (sentTitle(name) === request.name || (await request.save(sentTitle(name)))) onClose();
  };
  return (
    <form noValidate onSubmit={(event) => void save(event)}>
      <div className="db form">
        <TextField
          label={t('organization.name')}
          autoFocus
          autoComplete="off"
          value={name}
          error={wasSent ? nameProblem(name, t) : null}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits>
          {t('organization.save')}
        </Button>
      </div>
    </form>
  );
}
