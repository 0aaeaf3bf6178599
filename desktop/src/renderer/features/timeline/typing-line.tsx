/** The reserved 24 px line under the timeline: who types, or that messages wait. Never announced. */
import { Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useMeta } from '../../lib/use-view.ts';

/** Status line of a conversation. */
export function StatusLine({
  conversationId,
  isOffline,
}: {
  readonly conversationId: string;
  readonly isOffline: boolean;
}) {
  const { t } = useTranslation();
  const typing = useMeta('typing', { conversationId });
  const names = typing?.names ?? [];
  const [first = '', second = ''] = names;
  const text =
    names.length === 0
      ? null
      : names.length === 1
        ? t('typing.one', { name: first })
        : names.length === 2
          ? t('typing.two', { first, second })
          : t('typing.many', { count: names.length });
  return (
    <div className="under-tl">
      <div className="typing" data-region="status">
        {isOffline ? (
          <>
            <Clock className="i i14" aria-hidden="true" />
            <span className="wide-text">{t('connection.line')}</span>
            <span className="narrow-text">{t('connection.lineNarrow')}</span>
          </>
        ) : text ? (
          <>
            <span className="dots m-pulse" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            {text}
          </>
        ) : null}
      </div>
    </div>
  );
}
