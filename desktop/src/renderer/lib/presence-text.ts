/** Presence in words. */
import type { TFunction } from 'i18next';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { ConversationMeta, PersonRow } from '../../ipc/views.ts';
import { formatListTime, formatUntil } from './format.ts';

/**
 * "Online", "Away until 13:00", "Last seen 08:51", or what the person wrote instead; unknown is said as unknown. A state
 * past its time is not shown, whether or not the server has said so.
 */
export function presenceText(presence: PersonRow['presence'], isOffline: boolean, t: TFunction): string {
  if (isOffline || !presence) return isOffline ? t('presence.unknown') : t('presence.offline');
  const { state, text, untilMs, lastSeenMs } = presence;
  const nowMs = Date.now();
  const holds = !untilMs || untilMs > nowMs;
  if (text && holds) return text;
  if (state === 'offline' && lastSeenMs) {
    const words = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
    return t('presence.lastSeen', { time: formatListTime(lastSeenMs, nowMs, words) });
  }
  if ((state === 'away' || state === 'dnd') && untilMs) {
    const time = formatUntil(untilMs, nowMs);
    return holds ? t(`presence.${state}Until`, { time }) : t('presence.online');
  }
  return t(`presence.${state}`);
}

/** The line under a conversation's title. */
export function aboutText(meta: ConversationMeta, isOffline: boolean, t: TFunction): string {
  const { row, link, ownRole, siteCount, members } = meta;
  if (row?.peerMarks?.isDeactivated) return t('person.deactivated');
  if (row?.kind === 'direct') return presenceText(row.presence, isOffline, t);
  if (ownRole === null) return t('group.former');
  if (row?.kind === 'announcement') {
    const count = t('group.memberCount', { count: members.length });
    return t(siteCount > 1 ? 'linked.announcementSites' : 'linked.announcement', {
      members: count,
      count: siteCount,
    });
  }
  const text = membersText(meta, isOffline, t);
  return link === null ? text : t('linked.header', { id: link.id, members: text });
}

/** "12 members, 5 online"; without presence while it is not known, and for groups too large to watch. */
function membersText(
  { members, ownRole }: Pick<ConversationMeta, 'members' | 'ownRole'>,
  isOffline: boolean,
  t: TFunction,
): string {
  if (ownRole === null) return t('group.former');
  const text = t('group.memberCount', { count: members.length });
  const online = members.filter((member) => member.presence?.state === 'online').length;
  if (isOffline || online === 0 || members.length > limits.presenceWatch) return text;
  return t('group.membersOnline', { members: text, count: online });
}
