/**
 * The line under an announcement: for readers the button that acknowledges it, or that they have; for those who run the
 * channel how far it got. What was acknowledged has no button any more, so nobody takes it back by accident.
 */
import { CircleCheck, Clock3 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageRow } from '../../../ipc/message-rows.ts';
import { phrase, translate } from '../../i18n/index.ts';
import { formatNumber } from '../../lib/format.ts';
import { showMessageInfo } from '../../lib/navigation.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { asksMe } from './actions.ts';
import type { MessageRights } from './contracts.ts';

/** What is said of it in the name of a message. */
export function acknowledgementText({ acknowledgement, isOwn }: MessageRow): string {
  if (acknowledgement === null) return '';
  if (isOwn) return translate()('ack.count', { count: acknowledgement.count });
  if (!acknowledgement.isOwn) return phrase('ack.requested');
  return phrase(acknowledgement.isWaiting ? 'ack.waiting' : 'ack.given');
}

/** See the file comment; nothing for a message that asks nothing of me and tells me nothing. */
export function Acknowledgement({
  row,
  rights,
  isOffline,
  onGive,
}: {
  readonly row: MessageRow;
  readonly rights: MessageRights;
  readonly isOffline: boolean;
  readonly onGive: (row: MessageRow) => void;
}) {
  const { t } = useTranslation();
  const { acknowledgement, seen, isOwn } = row;
  const isWaiting = acknowledgement?.isWaiting === true && isOffline;
  return (
    <>
      {asksMe(row, rights) ? (
        <div className="ack">
          <Button size="small" tone="primary" tabIndex={-1} onClick={() => onGive(row)}>
            {t('ack.give')}
          </Button>
        </div>
      ) : acknowledgement?.isOwn && !isOwn ? (
        <div className="under ack-given">
          {isWaiting ? (
            <Clock3 className="i i14" aria-hidden="true" />
          ) : (
            <CircleCheck className="i i14" aria-hidden="true" />
          )}
          {t(isWaiting ? 'ack.waiting' : 'ack.given')}
        </div>
      ) : null}
      {seen && row.seq !== null ? (
        <div className="under reach-line">
          <LinkButton tabIndex={-1} title={t('ack.showReach')} onClick={() => showMessageInfo(row.id)}>
            {t('ack.seen', { count: seen.count, total: formatNumber(seen.total) })}
            {acknowledgement ? ` · ${t('ack.count', { count: acknowledgement.count })}` : null}
          </LinkButton>
        </div>
      ) : null}
    </>
  );
}
