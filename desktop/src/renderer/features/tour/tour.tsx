/**
 * The tour of the first minutes: five short steps beside the window, which goes on working meanwhile. Each can be left
 * for good; the preference remembers it, and Settings > Keyboard brings it back.
 */
import { BellOff, ListChecks, Search, Send, Settings, type LucideIcon } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { tell } from '../../lib/bridge.ts';
import { showSettings } from '../../lib/navigation.ts';
import { Badge, MentionBadge } from '../../ui/badge.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Receipt } from '../../ui/receipt.tsx';

const steps = ['list', 'outbox', 'search', 'quiet', 'settings'] as const;
type Step = (typeof steps)[number];

const icons: Record<Step, LucideIcon> = {
  list: ListChecks,
  outbox: Send,
  search: Search,
  quiet: BellOff,
  settings: Settings,
};

/** Keys worth knowing at a step. */
const keys: Partial<Record<Step, readonly string[]>> = {
  outbox: ['Ctrl+5'],
  search: ['Ctrl+K'],
  settings: ['Ctrl+,', 'Ctrl+/'],
};

/** See the file comment. */
export function Tour() {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const [titleId, textId] = [useId(), useId()];
  const next = useRef<HTMLButtonElement>(null);
  const step = steps[at] ?? 'list';
  const isLast = at === steps.length - 1;
  useEffect(() => {
    // Signing in left the focus nowhere. Where somebody writes or reads, it stays.
    if (document.activeElement === document.body) next.current?.focus();
  }, []);
  useEffect(() => {
    // What the step is about gets a frame, by `tour.css`.
    const { dataset } = document.documentElement;
    dataset['tour'] = step;
    return () => {
      delete dataset['tour'];
    };
  }, [step]);
  const end = () => tell('preferences.set', { tourSeen: true });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    end();
  };
  const Icon = icons[step];
  return (
    <aside className="tour" aria-label={t('tour.label')} data-f6="tour" onKeyDown={onKeyDown}>
      <div className="row tour-head">
        <span className="tour-glyph" aria-hidden="true">
          <Icon className="i" />
        </span>
        <span className="s12 t3 grow">{t('tour.step', { step: at + 1, total: steps.length })}</span>
        <Button tone="quiet" size="small" onClick={end}>
          {t(isLast ? 'tour.close' : 'tour.skip')}
        </Button>
      </div>
      {/* One text that changes, so that every step is read out. */}
      <div aria-live="polite">
        <h2 id={titleId}>{t(`tour.${step}.title`)}</h2>
        <p id={textId} className="t2">
          {t(`tour.${step}.text`)}
        </p>
      </div>
      <Extra step={step} />
      <div className="row tour-foot">
        <span className="tour-dots grow" aria-hidden="true">
          {steps.map((each) => (
            <i key={each} className={each === step ? 'on' : undefined} />
          ))}
        </span>
        {at > 0 ? (
          <Button size="small" onClick={() => setAt(at - 1)}>
            {t('tour.back')}
          </Button>
        ) : null}
        <Button
          ref={next}
          tone="primary"
          size="small"
          aria-describedby={`${titleId} ${textId}`}
          onClick={() => (isLast ? end() : setAt(at + 1))}
        >
          {t(isLast ? 'tour.done' : 'tour.next')}
        </Button>
      </div>
    </aside>
  );
}

/** What a step shows beside its words: the marks it speaks of, keys, or the page to go to. */
function Extra({ step }: { readonly step: Step }) {
  const { t } = useTranslation();
  if (step === 'list') {
    return (
      <ul className="tour-legend s13">
        <li>
          <span className="tour-mark">
            <Badge count={3} />
          </span>
          {t('tour.list.unread')}
        </li>
        <li>
          <span className="tour-mark">
            <MentionBadge />
          </span>
          {t('tour.list.mention')}
        </li>
        {(['sent', 'delivered', 'read'] as const).map((state) => (
          <li key={state}>
            <span className="tour-mark" aria-hidden="true">
              <Receipt state={state} />
            </span>
            {t(`tour.list.${state}`)}
          </li>
        ))}
      </ul>
    );
  }
  if (step === 'quiet') {
    return (
      <p>
        <LinkButton onClick={() => showSettings('notifications')}>{t('tour.quiet.open')}</LinkButton>
      </p>
    );
  }
  return (
    <ul className="tour-legend s13">
      {(keys[step] ?? []).map((each) => (
        <li key={each}>
          <Kbd keys={each} /> {t(each === 'Ctrl+/' ? 'tour.keys.shortcuts' : `tour.keys.${step}`)}
        </li>
      ))}
    </ul>
  );
}
