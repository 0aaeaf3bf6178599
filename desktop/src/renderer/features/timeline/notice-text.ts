/** Notices in words: who did what to the conversation. Neighbours that say the same of several people are one sentence. */
import type { TFunction } from 'i18next';
import type { NoticeRow, ShownNotice } from '../../../ipc/timeline-rows.ts';
import { durationText } from '../../lib/duration.ts';
import { formatList } from '../../lib/format.ts';

/** Names told before the rest is only counted. */
const namesShown = 4;

/** A sentence of a notice; `messageId` where it is about a message one can go to. */
export interface NoticeSentence {
  readonly text: string;
  readonly messageId: string | null;
}

/**
 * What rows of one group say.
 * @param title of the conversation, for news about its item
 */
export function noticeSentences(
  t: TFunction,
  rows: readonly NoticeRow[],
  title: string,
): readonly NoticeSentence[] {
  const [first] = rows;
  if (!first) return [];
  const actor = first.isOwn ? t('notice.you') : first.actorName;
  const people = rows.flatMap((row) => row.notices.flatMap((notice) => ('name' in notice ? [notice] : [])));
  const [one] = people;
  if (rows.length > 1 && one) return [{ text: aboutPeople(t, actor, first, people), messageId: null }];
  return first.notices.map((notice) => ({
    text: 'name' in notice ? aboutPeople(t, actor, first, [notice]) : aboutSettings(t, actor, notice, title),
    messageId: notice.kind === 'pin' && notice.on ? notice.messageId : null,
  }));
}

/** Whether two rows say the same of different people, so that one sentence does for both. */
export function isSameNews(a: NoticeRow, b: NoticeRow): boolean {
  const [one] = a.notices;
  const [other] = b.notices;
  const isSingle = a.notices.length === 1 && b.notices.length === 1 && a.actorId === b.actorId;
  if (!isSingle || !one || !other || one.kind !== other.kind || !isByOther(a, one) || !isByOther(b, other))
    return false;
  return one.kind !== 'role' || (other.kind === 'role' && one.role === other.role);
}

function isByOther(row: NoticeRow, notice: ShownNotice): boolean {
  return 'userId' in notice && notice.userId !== row.actorId;
}

type PersonNotice = Extract<ShownNotice, { readonly name: string }>;

function aboutPeople(t: TFunction, actor: string, row: NoticeRow, people: readonly PersonNotice[]): string {
  const [first] = people;
  if (!first) return '';
  const names = people.map(({ isMe, name }) => (isMe ? t('notice.whomYou') : name));
  const more = names.length - namesShown;
  const told = more > 1 ? [...names.slice(0, namesShown), t('notice.more', { count: more })] : names;
  const values = { actor, names: formatList(told) };
  if (first.kind === 'role') return t(`notice.role.${first.role}`, values);
  const isSelf = first.userId === row.actorId;
  if (first.kind === 'joined') return t(isSelf ? 'notice.joinedSelf' : 'notice.joined', values);
  return t(isSelf ? 'notice.left' : 'notice.removed', values);
}

function aboutSettings(
  t: TFunction,
  actor: string,
  notice: Exclude<ShownNotice, PersonNotice>,
  title: string,
): string {
  switch (notice.kind) {
    case 'title':
      return t('notice.title', { actor, title: notice.title ?? '' });
    case 'pin':
      return t(notice.on ? 'notice.pinned' : 'notice.unpinned', { actor });
    case 'status':
      return notice.status === ''
        ? t('notice.statusNone', { title })
        : t('notice.status', { title, status: notice.status });
    case 'closed':
      return t(notice.isClosed ? 'notice.closed' : 'notice.opened', { actor });
    case 'ttl':
      return notice.messageTtlMs === null
        ? t('notice.ttlOff', { actor })
        : t('notice.ttl', { actor, duration: durationText(t, notice.messageTtlMs) });
  }
}
