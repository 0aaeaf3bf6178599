/** The corner of a bubble: that it was edited, its time, and for own messages how far it got. */
import type { MessageRow } from '../../ipc/message-rows.ts';
import { Timer } from 'lucide-react';
import { phrase } from '../i18n/index.ts';
import { formatFull, formatTime } from '../lib/format.ts';
import { Receipt } from './receipt.tsx';

/** See the file comment. Stands last inside the bubble. */
export function MessageMeta({ row, isOffline }: { readonly row: MessageRow; readonly isOffline: boolean }) {
  return (
    <span className="meta">
      {row.editedAtMs !== null && !row.isDeleted ? (
        <span className="ed">{phrase('timeline.edited')}</span>
      ) : null}
      {row.ttlMs !== null && !row.isDeleted ? (
        <Timer className="i i12" role="img" aria-label={phrase('ttl.head')} />
      ) : null}
      <time dateTime={new Date(row.atMs).toISOString()} title={formatFull(row.atMs)}>
        {formatTime(row.atMs)}
      </time>
      {row.isOwn && row.state && !row.isDeleted ? <Receipt state={row.state} isOffline={isOffline} /> : null}
    </span>
  );
}
