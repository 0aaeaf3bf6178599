/** What the list shows when it has no rows. */
import { CircleCheck, ListFilter as ListFilterIcon, MapPin, Megaphone, Ticket } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../lib/format.ts';
import { openDialog, showSettings, startConversation } from '../../lib/navigation.ts';
import { choosePlace } from '../../lib/scope.ts';
import { useLasting, useMeta } from '../../lib/use-view.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState, SkeletonRow } from '../../ui/page.tsx';
import type { ListFilter, SectionKind } from './layout.ts';

/** Nothing in this filter. */
export function EmptyList({
  filter,
  isFiltered,
  placeName,
  kind,
  canAnnounce,
  onShowAll,
}: {
  readonly filter: ListFilter;
  /** Something is chosen in the filter menu. */
  readonly isFiltered: boolean;
  /** The site or unit the list is narrowed to. */
  readonly placeName: string | null;
  readonly kind: SectionKind | null;
  readonly canAnnounce: boolean;
  readonly onShowAll: () => void;
}) {
  const { t } = useTranslation();
  if (isFiltered) {
    return (
      <EmptyState
        isSmall
        icon={<ListFilterIcon className="i" />}
        title={t('list.noneFound')}
        body={t('list.noneFoundBody')}
      >
        <Button size="small" onClick={onShowAll}>
          {t('list.filterReset')}
        </Button>
      </EmptyState>
    );
  }
  if (filter === 'all' && placeName !== null) {
    return (
      <EmptyState
        isSmall
        icon={<MapPin className="i" />}
        title={t('list.noneOfPlace', { place: placeName })}
        body={t('list.noneOfPlaceBody')}
      >
        <Button size="small" onClick={() => choosePlace(null)}>
          {t('list.showAllPlaces')}
        </Button>
      </EmptyState>
    );
  }
  if (filter === 'all' && kind === 'linked') {
    return (
      <EmptyState
        isSmall
        icon={<Ticket className="i" />}
        title={t('list.noLinked')}
        body={t('list.noLinkedBody')}
      >
        <Button size="small" onClick={() => startConversation({ kind })}>
          {t('list.newLinked')}
        </Button>
      </EmptyState>
    );
  }
  if (filter === 'all' && kind === 'announcement') {
    return (
      <EmptyState
        isSmall
        icon={<Megaphone className="i" />}
        title={t('list.noAnnouncements')}
        body={t(canAnnounce ? 'list.noAnnouncementsOwner' : 'list.noAnnouncementsBody')}
      >
        {canAnnounce ? (
          <Button size="small" onClick={() => showSettings('organization')}>
            {t('list.newAnnouncements')}
          </Button>
        ) : null}
      </EmptyState>
    );
  }
  if (filter === 'all') {
    return (
      <EmptyState isSmall title={t('list.emptyTitle')} body={t('list.emptyBody')}>
        <Button size="small" onClick={() => openDialog('newConversation')}>
          {t('list.write')}
        </Button>
      </EmptyState>
    );
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
