/** Making an invitation: how long and for how many people it works, then its code and link, which are shown only once. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { IntentAnswer } from '../../ipc/intents.ts';
import { errorText } from '../i18n/index.ts';
import { invoke, tell } from '../lib/bridge.ts';
import { Button } from './button.tsx';
import { FieldError, TextField } from './field.tsx';

const dayMs = 86_400_000;
const days = [1, 7, 30, null] as const;
const uses = [1, 10, 100, null] as const;

interface InviteFormProps {
  readonly orgId: string;
  readonly onCreated?: (() => void) | undefined;
  readonly onClose: () => void;
}

/** The inside of a dialog; see the file comment. */
export function InviteForm({ orgId, onCreated, onClose }: InviteFormProps) {
  const { t } = useTranslation();
  const [dayAt, setDayAt] = useState(1);
  const [useAt, setUseAt] = useState(0);
  const [made, setMade] = useState<IntentAnswer<'invite.create'> | null>(null);
  const [isSending, setSending] = useState(false);
  const [email, setEmail] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const create = async (event: FormEvent) => {
    event.preventDefault();
    const day = days[dayAt] ?? null;
    const expiresInMs = day === null ? null : day * dayMs;
    const address = email.trim();
    const to = address === '' ? {} : { email: address };
    const maxUses = uses[useAt] ?? null;
    setSending(true);
    const result = await invoke('invite.create', { orgId, expiresInMs, maxUses, ...to });
    setSending(false);
    setProblem(result.ok ? null : errorText(result.error));
    if (!result.ok) return;
    setMade(result.value);
    onCreated?.();
  };
  if (made !== null) return <Made invite={made} email={email.trim()} onClose={onClose} />;
  return (
    <form onSubmit={(event) => void create(event)}>
      <div className="db form">
        <label className="field">
          <span className="label">{t('invite.expiry')}</span>
          <select className="selbox" value={dayAt} onChange={(event) => setDayAt(Number(event.target.value))}>
            {days.map((day, at) => (
              <option key={at} value={at}>
                {day === null ? t('invite.forever') : t('invite.days', { count: day })}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span className="label">{t('invite.uses')}</span>
          <select className="selbox" value={useAt} onChange={(event) => setUseAt(Number(event.target.value))}>
            {uses.map((count, at) => (
              <option key={at} value={at}>
                {count ?? t('invite.anyNumber')}
              </option>
            ))}
          </select>
        </label>
        <TextField
          label={t('invite.email')}
          labelNote={t('invite.emailNote')}
          type="email"
          autoComplete="off"
          value={email}
          help={<span className="help">{t('invite.emailHelp')}</span>}
          onChange={(event) => setEmail(event.target.value)}
        />
        <FieldError text={problem} />
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits disabled={isSending}>
          {t('invite.create')}
        </Button>
      </div>
    </form>
  );
}

function Made({
  invite,
  email,
  onClose,
}: {
  readonly invite: IntentAnswer<'invite.create'>;
  /** Where it was sent; empty: nowhere. */
  readonly email: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <div className="db form">
        <p>{email === '' ? t('invite.ready') : t('invite.sentTo', { email })}</p>
        <TextField label={t('invite.link')} value={invite.url} readOnly isMono autoFocus />
        <TextField label={t('invite.code')} value={invite.code} readOnly isMono />
      </div>
      <div className="df">
        <Button onClick={() => tell('app.copyText', { text: invite.code })}>{t('invite.copyCode')}</Button>
        <Button onClick={() => tell('app.copyText', { text: invite.url })}>{t('invite.copyLink')}</Button>
        <Button tone="primary" onClick={onClose}>
          {t('invite.done')}
        </Button>
      </div>
    </>
  );
}
