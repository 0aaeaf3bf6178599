/**
 * What a person should know about updates: one is ready, or the server will stop taking this version. Owns which of
 * them were put aside; each comes back at the next start, and the warning when the day is nearer.
 */
import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { UpdatesMeta } from '../../../ipc/settings-views.ts';
import { tell } from '../../lib/bridge.ts';
import { formatDate } from '../../lib/format.ts';
import { showSettings } from '../../lib/navigation.ts';
import { useMeta } from '../../lib/use-view.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Banner } from './banner.tsx';

type Told = { readonly id: string; readonly kind: 'ready' | 'deadline' };

/** What there is to tell about updates and was not put aside. */
export function useUpdateBanners(): readonly ReactNode[] {
  const updates = useMeta('updates', {});
  const [aside, setAside] = useState<readonly string[]>([]);
  if (!updates) return [];
  return toldBy(updates)
    .filter(({ id }) => !aside.includes(id))
    .map(({ id, kind }) => (
      <UpdateBanner key={id} kind={kind} updates={updates} onDismiss={() => setAside([...aside, id])} />
    ));
}

function toldBy({ state, version, deadline }: UpdatesMeta): readonly Told[] {
  return [
    ...(deadline
      ? [{ id: `deadline ${deadline.version} ${deadline.stage}`, kind: 'deadline' } as const]
      : []),
    ...(state === 'ready' ? [{ id: `ready ${version}`, kind: 'ready' } as const] : []),
  ];
}

function UpdateBanner({
  kind,
  updates,
  onDismiss,
}: {
  readonly kind: Told['kind'];
  readonly updates: UpdatesMeta;
  readonly onDismiss: () => void;
}) {
  const { t } = useTranslation();
  const { deadline, version } = updates;
  const isReady = kind === 'ready';
  const isNear = deadline?.stage !== 'days30';
  const text = isReady
    ? t('update.ready', { version: version ?? '' })
    : t(deadline?.stage === 'passed' ? 'update.tooOld' : 'update.deadline', {
        version: deadline?.version ?? '',
        date: formatDate(deadline?.atMs ?? 0),
      });
  return (
    <Banner tone={isReady ? 'inf' : isNear ? 'bad' : 'wrn'} text={text}>
      {isReady ? (
        <Button size="small" tone="primary" onClick={() => tell('update.restart', {})}>
          {t('update.restart')}
        </Button>
      ) : (
        <Button size="small" onClick={() => showSettings('about')}>
          {t('update.show')}
        </Button>
      )}
      <IconButton label={t('app.dismiss')} isSmall onClick={onDismiss}>
        <X className="i i16" />
      </IconButton>
    </Banner>
  );
}
