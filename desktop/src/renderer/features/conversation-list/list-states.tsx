/** What the list shows when it has no rows. */
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../lib/format.ts';
import { useLasting, useMeta } from '../../lib/use-view.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState, SkeletonRow } from '../../ui/page.tsx';
import type { ListFilter } from './layout.ts';

/** Nothing in this filter. */
export function EmptyList({
  filter,
  onShowAll,
}: {
  readonly filter: ListFilter;
  readonly onShowAll: () => void;
}) {
  const { t } = useTranslation();
  if (filter === 'all') {
    return <EmptyState isSmall title={t('list.emptyTitle')} body={t('list.emptyBody')} />;
  }
  const body =
    filter === 'unread'
      ? t('list.caughtUpUnread')
      : filter === 'mentions'
        ? t('list.caughtUpMentions')
        : t('list.archivedEmpty');
  return (
    <EmptyState
      isSmall
      icon={<CircleCheck className="i" />}
      title={t(filter === 'archived' ? 'list.archived' : 'list.caughtUpTitle')}
      body={body}
    >
      <Button size="small" onClick={onShowAll}>
        {t('list.showAll')}
      </Button>
    </EmptyState>
  );
}

/** The first synchronisation of this device: the only time the list has skeletons. */
export function FirstSync() {
  const { t } = useTranslation();
  const progress = useMeta('connection', {})?.progress ?? null;
  const isShown = useLasting(true, 150);
  if (!isShown) return <div className="rows" />;
  const share = progress && progress.total > 0 ? progress.done / progress.total : 0;
  return (
    <div className="rows first-sync" aria-busy="true">
      <div className="sect">
        {progress
          ? t('list.firstSyncCount', {
              done: formatNumber(progress.done),
              total: formatNumber(progress.total),
            })
          : t('list.firstSync')}
      </div>
      {Array.from({ length: 8 }, (_, at) => (
        <SkeletonRow key={at} />
      ))}
      <div
        className="sync-bar"
        role="progressbar"
        aria-label={t('list.firstSync')}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
