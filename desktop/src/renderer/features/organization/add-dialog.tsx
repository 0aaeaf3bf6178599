/** Another organisation for this account: joined with an invitation, or founded. Needs the network and says so. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { sentTitle } from '../../lib/group-title.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FieldError, Segmented, TextField } from '../../ui/field.tsx';
import { nameProblem } from './organization-actions.ts';

interface AddProps {
  /** A code to join with that is here already; then nothing else is offered. */
  readonly invitation?: string | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** It is mine now. */
  readonly onAdded: (orgId: string) => void;
}

/** See the file comment. */
export function AddDialog({ isOpen, ...rest }: AddProps) {
  const { t } = useTranslation();
  const title = t(rest.invitation === undefined ? 'organization.add' : 'invitation.title');
  return (
    <Dialog isOpen={isOpen} onClose={rest.onClose} title={title}>
      {isOpen ? <Form {...rest} /> : null}
    </Dialog>
  );
}

function Form({ invitation, onClose, onAdded }: Omit<AddProps, 'isOpen'>) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<'join' | 'create'>('join');
  const [text, setText] = useState(invitation ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const isJoin = kind === 'join';
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const missing = text.trim() === '' ? t('organization.invitationMissing') : null;
    const wrong = isJoin ? missing : nameProblem(text, t);
    setProblem(wrong);
    setRefusal(null);
    if (wrong !== null) return;
    setAsking(true);
    const result = isJoin
      ? await invoke('org.join', { invitation: text })
      : await invoke('org.create', { name: sentTitle(text) });
    setAsking(false);
    if (result.ok) onAdded(result.value.orgId);
    else setRefusal(t('organization.refused', { reason: errorText(result.error) }));
  };
  return (
    <form noValidate onSubmit={(event) => void add(event)}>
      <div className="db form">
        {invitation === undefined ? (
          <Segmented
            label={t('organization.addKind')}
            value={kind}
            options={[
              { value: 'join', label: t('organization.addJoin') },
              { value: 'create', label: t('organization.addCreate') },
            ]}
            onChange={(next) => {
              setKind(next);
              setText('');
              setProblem(null);
              setRefusal(null);
            }}
          />
        ) : (
          <p className="t2">{t('invitation.body')}</p>
        )}
        <TextField
          label={t(isJoin ? 'organization.invitation' : 'organization.name')}
          autoComplete="off"
          value={text}
          error={problem}
          onChange={(event) => setText(event.target.value)}
        />
        <FieldError text={refusal} />
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits disabled={isAsking}>
          {t(isJoin ? 'organization.joinNow' : 'organization.createNow')}
        </Button>
      </div>
    </form>
  );
}
