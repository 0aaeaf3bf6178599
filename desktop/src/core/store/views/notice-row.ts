/** Notice rows: what happened to a conversation, with the names of whom it is about. */
import type { Message } from '@curlew/shared/domain/message.ts';
import type { Notice } from '@curlew/shared/domain/notices.ts';
import type { NoticeRow } from '../../../ipc/timeline-rows.ts';
import type { RowContext } from './message-row.ts';

/** The row of a cached notice. */
export function noticeRow(
  { id, createSeq, senderId, createdAt }: Message,
  notices: readonly Notice[],
  context: Pick<RowContext, 'userId' | 'nameOf'>,
): NoticeRow {
  return {
    kind: 'notice',
    id,
    seq: createSeq,
    actorId: senderId,
    actorName: context.nameOf(senderId),
    isOwn: senderId === context.userId,
    atMs: createdAt,
    notices: notices.map((notice) =>
      'userId' in notice
        ? { ...notice, name: context.nameOf(notice.userId), isMe: notice.userId === context.userId }
        : notice,
    ),
  };
}
