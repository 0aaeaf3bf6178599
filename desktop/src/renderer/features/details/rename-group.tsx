/** The button beside a group's title, and its dialog. */
import { Pencil } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { changeGroup } from '../../lib/group-actions.ts';
import { sentTitle, titleProblem } from '../../lib/group-title.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';

interface RenameProps {
  readonly conversationId: string;
  readonly title: string;
}

/** See the file comment. */
export function RenameGroup(props: RenameProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton label={t('group.rename')} isSmall aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Pencil className="i i16" />
      </IconButton>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={t('group.renameTitle', { title: props.title })}
      >
        <Form {...props} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Form({ conversationId, title, onClose }: RenameProps & { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(title);
  const [wasSent, setSent] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (titleProblem(name, true, t) !== null) return;
    const next = sentTitle(name);
    if (next === title || (await changeGroup('group.rename', { conversationId, title: next }))) onClose();
  };
  return (
    <form noValidate onSubmit={(event) => void save(event)}>
      <div className="db form">
        <TextField
          label={t('group.name')}
          autoFocus
          autoComplete="off"
          value={name}
          error={titleProblem(name, wasSent, t)}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits>
          {t('group.renameSave')}
        </Button>
      </div>
    </form>
  );
}
