/** The line above the composer that says what is scheduled in this conversation. */
import './scheduled-banner.css';
import { CalendarClock, CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/index.ts';
import { formatComing } from '../../lib/format.ts';
import { showSection } from '../../lib/navigation.ts';
import { useView } from '../../lib/use-view.ts';
import { LinkButton } from '../../ui/button.tsx';

/** Nothing when nothing is scheduled. */
export function ScheduledBanner({ conversationId }: { readonly conversationId: string }) {
  const { t } = useTranslation();
  const { state } = useView('scheduled', { conversationId });
  const rows = (state?.order ?? []).flatMap((key) => state?.rows[key] ?? []);
  const [first] = rows;
  if (!first) return null;
  const when = formatComing(first.sendAtMs, Date.now());
  const refused = state?.meta.refused ?? 0;
  const text = first.error
    ? t('scheduled.bannerRefused', { count: refused, reason: errorText(first.error) })
    : rows.length === 1
      ? t('scheduled.bannerOne', { when, text: first.text })
      : t('scheduled.bannerMany', { count: rows.length, when });
  return (
    <div className={`scheduled-line${first.error ? ' bad' : ''}`} role="status">
      {first.error ? (
        <CircleAlert className="i i14" aria-hidden="true" />
      ) : (
        <CalendarClock className="i i14" aria-hidden="true" />
      )}
      <span className="clip grow">{text}</span>
      <LinkButton onClick={() => showSection('outbox')}>{t('scheduled.show')}</LinkButton>
    </div>
  );
}
