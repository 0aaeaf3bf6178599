/** The details pane: the person of a direct conversation and its settings, or who has seen a message. */
import './details.css';
import { Archive, ArchiveRestore, ArrowLeft, Bell, BellOff, Pin, PinOff, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationMeta, PersonRow } from '../../../ipc/views.ts';
import { setArchived, setMuted, setPinned } from '../../lib/conversation-actions.ts';
import { navigation, toggleDetails } from '../../lib/navigation.ts';
import { presenceText } from '../../lib/presence-text.ts';
import { useStore } from '../../lib/store.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { MessageInfo } from './message-info.tsx';

interface DetailsProps {
  readonly conversationId: string;
  readonly meta: ConversationMeta;
  readonly ownUserId: string;
  readonly isOffline: boolean;
  /** The line that sets the pane's width. */
  readonly divider: ReactNode;
}

/** Details of the open conversation. */
export function DetailsPane({ conversationId, meta, ownUserId, isOffline, divider }: DetailsProps) {
  const { t } = useTranslation();
  const messageId = useStore(navigation, (value) => value.infoMessageId);
  const title = t(messageId ? 'info.title' : 'details.title');
  return (
    <aside className="det" aria-label={t('details.title')} data-f6="details">
      {divider}
      <div className="det-head">
        {messageId ? (
          <IconButton label={t('info.back')} isSmall onClick={() => toggleDetails(true)}>
            <ArrowLeft className="i" />
          </IconButton>
        ) : null}
        <h2>{title}</h2>
        <IconButton label={t('info.close')} keys="Ctrl+Shift+D" onClick={() => toggleDetails(false)}>
          <X className="i" />
        </IconButton>
      </div>
      <div className="det-body">
        {messageId ? (
          <MessageInfo
            key={messageId}
            conversationId={conversationId}
            messageId={messageId}
            ownUserId={ownUserId}
            isOffline={isOffline}
          />
        ) : (
          <ConversationDetails
            conversationId={conversationId}
            meta={meta}
            ownUserId={ownUserId}
            isOffline={isOffline}
          />
        )}
      </div>
    </aside>
  );
}

function ConversationDetails({ conversationId, meta, ownUserId, isOffline }: Omit<DetailsProps, 'divider'>) {
  const { t } = useTranslation();
  const { row, members } = meta;
  if (!row) return null;
  const peer = members.find((member) => member.id === row.peerId);
  return (
    <>
      <div className="hero">
        <Avatar
          name={row.title}
          size={72}
          kind={row.kind}
          presence={isOffline ? null : row.presence?.state}
        />
        <h3>{row.title}</h3>
        <div className="s13 t3">{presenceText(row.presence, isOffline, t)}</div>
        {peer?.title ? <div className="s13 t2">{peer.title}</div> : null}
      </div>
      <div className="qa">
        <button
          type="button"
          aria-pressed={row.isMuted}
          onClick={() => setMuted(conversationId, !row.isMuted)}
        >
          {row.isMuted ? <Bell className="i" /> : <BellOff className="i" />}
          {t(row.isMuted ? 'details.unmute' : 'details.mute')}
        </button>
        <button
          type="button"
          aria-pressed={row.isPinned}
          onClick={() => setPinned(conversationId, !row.isPinned)}
        >
          {row.isPinned ? <PinOff className="i" /> : <Pin className="i" />}
          {t(row.isPinned ? 'details.unpin' : 'details.pin')}
        </button>
        <button type="button" onClick={() => setArchived(conversationId, !row.isArchived)}>
          {row.isArchived ? <ArchiveRestore className="i" /> : <Archive className="i" />}
          {t(row.isArchived ? 'list.unarchive' : 'details.archive')}
        </button>
      </div>
      <section className="sec">
        <h3>{t('details.members')}</h3>
        {members.map((member) => (
          <Member key={member.id} member={member} isOwn={member.id === ownUserId} isOffline={isOffline} />
        ))}
      </section>
    </>
  );
}

function Member({
  member,
  isOwn,
  isOffline,
}: {
  readonly member: PersonRow;
  readonly isOwn: boolean;
  readonly isOffline: boolean;
}) {
  const { t } = useTranslation();
  return (
    <div className="li">
      <Avatar name={member.name} size={28} presence={isOffline ? null : member.presence?.state} />
      <div className="grow">
        <div className="clip">{isOwn ? t('details.you', { name: member.name }) : member.name}</div>
        {member.title ? <div className="sub clip">{member.title}</div> : null}
      </div>
    </div>
  );
}
