/** How long new messages of a conversation live: a choice of usual times, or one of one's own. */
import { Timer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { translate } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { durationText, inUnits, unitMs, type DurationUnit } from '../../lib/duration.ts';
import { showToast } from '../../lib/toast.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';

const usual = [
  5 * unitMs('minute'),
  unitMs('hour'),
  8 * unitMs('hour'),
  unitMs('day'),
  unitMs('week'),
  4 * unitMs('week'),
] as const;
const customUnits = ['minute', 'hour', 'day', 'week'] as const satisfies readonly DurationUnit[];
const mostMs = 52 * unitMs('week');

/** See the file comment. Those who may not change it read it, where it is set. */
export function TtlSetting({
  conversationId,
  ttlMs,
  canChange,
}: {
  readonly conversationId: string;
  readonly ttlMs: number | null;
  readonly canChange: boolean;
}) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  if (!canChange && ttlMs === null) return null;
  const choices = [...new Set(ttlMs === null ? usual : [...usual, ttlMs])].sort((a, b) => a - b);
  const set = (next: number | null) => void setMessageTtl(conversationId, next);
  return (
    <section className="sec" aria-labelledby="ttl-title">
      <h3 id="ttl-title">
        <Timer className="i i14" aria-hidden="true" />
        {t('ttl.title')}
      </h3>
      <div className="li ttl-row">
        {canChange ? (
          <select
            className="selbox"
            aria-labelledby="ttl-title"
            aria-describedby="ttl-help"
            value={String(ttlMs)}
            onChange={({ target }) => {
              if (target.value === 'custom') setAsking(true);
              else set(target.value === 'null' ? null : Number(target.value));
            }}
          >
            <option value="null">{t('ttl.off')}</option>
            {choices.map((ms) => (
              <option key={ms} value={String(ms)}>
                {durationText(t, ms)}
              </option>
            ))}
            <option value="custom">{t('ttl.custom')}</option>
          </select>
        ) : (
          <span>{durationText(t, ttlMs ?? 0)}</span>
        )}
      </div>
      <p className="s12 t3 info-note" id="ttl-help">
        {canChange ? t('ttl.help') : t('ttl.onlyOwners')}
      </p>
      {isAsking ? (
        <CustomTtl
          startMs={ttlMs ?? unitMs('day')}
          onClose={() => setAsking(false)}
          onSet={(ms) => {
            setAsking(false);
            set(ms);
          }}
        />
      ) : null}
    </section>
  );
}

function CustomTtl({
  startMs,
  onClose,
  onSet,
}: {
  readonly startMs: number;
  readonly onClose: () => void;
  readonly onSet: (ms: number) => void;
}) {
  const { t } = useTranslation();
  const start = inUnits(startMs);
  const [amount, setAmount] = useState(String(start.count));
  const [unit, setUnit] = useState<(typeof customUnits)[number]>(
    start.unit === 'second' ? 'minute' : start.unit,
  );
  const ms = Number(amount) * unitMs(unit);
  const isFine = /^\d{1,6}$/u.test(amount.trim()) && ms >= unitMs('minute') && ms <= mostMs;
  return (
    <Dialog isOpen onClose={onClose} title={t('ttl.dialogTitle')}>
      <form
        className="db ttl-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isFine) onSet(ms);
        }}
      >
        <TextField
          label={t('ttl.amount')}
          inputMode="numeric"
          value={amount}
          error={isFine ? null : t('ttl.outOfRange')}
          onChange={(event) => setAmount(event.target.value)}
        />
        <label className="field">
          <span>{t('ttl.unit')}</span>
          <select
            className="selbox"
            value={unit}
            onChange={(event) => setUnit(customUnits.find((each) => each === event.target.value) ?? 'minute')}
          >
            {customUnits.map((each) => (
              <option key={each} value={each}>
                {t(`ttl.units.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <div className="df">
          <Button tone="primary" disabled={!isFine} onClick={() => onSet(ms)}>
            {t('ttl.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

async function setMessageTtl(conversationId: string, messageTtlMs: number | null): Promise<void> {
  const result = await invoke('conversation.setTtl', { conversationId, messageTtlMs });
  if (!result.ok) showToast({ text: translate()('ttl.refused') });
}
