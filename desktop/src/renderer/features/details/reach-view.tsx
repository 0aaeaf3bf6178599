/** How far an announcement got, for those who run its channel: in total, by site and unit, and who is missing. */
import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reach, ReachStep } from '@curlew/shared/protocol/reach.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatNumber } from '../../lib/format.ts';
import { showToast } from '../../lib/toast.ts';
import { useViewPart } from '../../lib/use-view.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/field.tsx';
import { reachCsv } from './reach-csv.ts';

interface ReachProps {
  readonly conversationId: string;
  readonly messageId: string;
  readonly isOffline: boolean;
}

/** Counting again waits this long, so that a wave of receipts is one question. */
const settleMs = 300;

/** See the file comment. Counted by the server, again whenever somebody read or acknowledged. */
export function ReachView({ conversationId, messageId, isOffline }: ReachProps) {
  const { t } = useTranslation();
  const [step, setStep] = useState<ReachStep>('read');
  const { reach, problem } = useReach(conversationId, messageId, step, isOffline);
  if (!reach) {
    return (
      <p className="s13 t3 info-note" role="status">
        {isOffline ? t('reach.offline') : (problem ?? t('reach.loading'))}
      </p>
    );
  }
  const steps: readonly ReachStep[] = reach.requiresAck
    ? ['delivered', 'read', 'acknowledged']
    : ['delivered', 'read'];
  const { total, places, missing } = reach;
  // While another step is asked for, the names of the one before are not its names.
  const named = missing.step === step ? missing.people : [];
  const rest = missing.step === step ? missing.count - named.length : 0;
  return (
    <>
      <section className="sec reach-total" aria-label={t('reach.everybody')}>
        {steps.map((each) => (
          <Bar key={each} label={t(`reach.step.${each}`)} count={total[each]} total={total.people} />
        ))}
      </section>
      {places.length > 0 ? (
        <section className="sec" aria-labelledby="reach-places">
          <h3 id="reach-places">{t('reach.places')}</h3>
          <div className="reach-table">
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('reach.place')}</th>
                  {steps.map((each) => (
                    <th key={each} scope="col">
                      {t(`reach.step.${each}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {places.map((place) => (
                  <tr key={place.id} className={place.scope}>
                    <th scope="row">{place.name}</th>
                    {steps.map((each) => (
                      <td key={each} className="num">
                        {t('reach.of', { count: place[each], total: formatNumber(place.people) })}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      ) : null}
      <section className="sec" aria-labelledby="reach-missing">
        <h3 id="reach-missing">
          {t('reach.missing')}
          <span className="sec-n">{formatNumber(missing.count)}</span>
        </h3>
        <div className="reach-steps">
          <Segmented
            label={t('reach.missingStep')}
            value={step}
            options={steps.map((each) => ({ value: each, label: t(`reach.step.${each}`) }))}
            onChange={setStep}
          />
        </div>
        {missing.count === 0 ? <p className="s13 t3 info-note">{t('reach.nobody')}</p> : null}
        <ul aria-labelledby="reach-missing">
          {named.map(({ userId, name }) => (
            <li key={userId} className="li">
              <Avatar name={name} size={28} />
              <div className="grow clip">{name}</div>
            </li>
          ))}
        </ul>
        {rest > 0 ? <p className="s13 t3 info-note">{t('reach.more', { count: rest })}</p> : null}
      </section>
      <div className="reach-export">
        <Button size="small" isWide onClick={() => void save(reach)}>
          <Download className="i i16" aria-hidden="true" />
          {t('reach.export')}
        </Button>
        <p className="s12 t3">{t('reach.hint')}</p>
      </div>
    </>
  );

  async function save(shown: Reach): Promise<void> {
    const fileName = t('reach.fileName', { date: new Date().toISOString().slice(0, 10) });
    const result = await invoke('app.saveText', { fileName, text: reachCsv(shown, t) });
    if (!result.ok) showToast({ text: t('reach.notExported', { reason: errorText(result.error) }) });
    else if (result.value.saved) showToast({ text: t('reach.exported') });
  }
}

/** The newest answer; the one before stays until another comes. */
function useReach(conversationId: string, messageId: string, step: ReachStep, isOffline: boolean) {
  const { t } = useTranslation();
  const moved = useViewPart('conversation', { conversationId }, (view) => view.state?.meta.receipts);
  const counted = useViewPart('conversation', { conversationId }, (view) => view.state?.meta.countsVersion);
  const [reach, setReach] = useState<Reach | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const hasAsked = useRef(false);
  useEffect(() => {
    if (isOffline) return undefined;
    let isCurrent = true;
    const ask = async () => {
      const result = await invoke('message.reach', { conversationId, messageId, missing: step });
      if (!isCurrent) return;
      if (result.ok) setReach(result.value);
      setProblem(result.ok ? null : t('reach.failed', { reason: errorText(result.error) }));
    };
    const timer = setTimeout(() => void ask(), hasAsked.current ? settleMs : 0);
    hasAsked.current = true;
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [conversationId, messageId, step, moved, counted, isOffline, t]);
  return { reach, problem };
}

function Bar({
  label,
  count,
  total,
}: {
  readonly label: string;
  readonly count: number;
  readonly total: number;
}) {
  const { t } = useTranslation();
  const share = total === 0 ? 0 : Math.round((count * 100) / total);
  return (
    <div className="reach-bar">
      <span className="grow">{label}</span>
      <span className="num s13 t2">{t('reach.of', { count, total: formatNumber(total) })}</span>
      <span className="reach-line-bar" aria-hidden="true">
        <i style={{ width: `${share}%` }} />
      </span>
    </div>
  );
}
