/** Goes to a day of the open conversation. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { dateJump } from '../../lib/date-jump.ts';
import { jumpTo } from '../../lib/navigation.ts';
import { useStore } from '../../lib/store.ts';
import { fieldsOf, momentOf } from '../../lib/times.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';

/** Open while a day of this conversation is asked for. */
export function DateDialog({ conversationId }: { readonly conversationId: string }) {
  const { t } = useTranslation();
  const isOpen = useStore(dateJump, (asked) => asked === conversationId);
  const today = fieldsOf(Date.now()).date;
  const [date, setDate] = useState(today);
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setError(null), [isOpen]);
  useEffect(() => () => dateJump.set(null), []);
  const close = () => dateJump.set(null);
  const go = async () => {
    const atMs = momentOf(date, '00:00');
    if (atMs === null || date > today) return setError(t('jump.noDay'));
    const result = await invoke('history.jumpToDate', { conversationId, atMs });
    if (!result.ok)
      return setError(result.error.code === 'NOT_FOUND' ? t('jump.nothing') : errorText(result.error));
    close();
    jumpTo(conversationId, result.value.messageId);
  };
  return (
    <Dialog isOpen={isOpen} onClose={close} title={t('jump.title')} initialFocus={field}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <div className="db">
          <TextField
            ref={field}
            label={t('time.date')}
            type="date"
            max={today}
            value={date}
            error={error}
            help={<span className="help">{t('jump.help')}</span>}
            onChange={(event) => {
              setDate(event.target.value);
              setError(null);
            }}
          />
        </div>
        <div className="df">
          <Button onClick={close}>{t('app.cancel')}</Button>
          <Button tone="primary" submits>
            {t('jump.go')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
