/** The details pane: what a conversation is, who is in it, what is pinned, its settings; or who has seen a message. */
import './details.css';
import { Archive, ArchiveRestore, ArrowLeft, Bell, BellOff, Pin, PinOff, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationMeta } from '../../../ipc/views.ts';
import { setArchived, setMuted, setPinned } from '../../lib/conversation-actions.ts';
import { navigation, toggleDetails } from '../../lib/navigation.ts';
import { aboutText } from '../../lib/presence-text.ts';
import { useStore } from '../../lib/store.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { ExportButton } from '../../ui/export-button.tsx';
import { PersonMarks } from '../../ui/person-marks.tsx';
import { CloseConversation } from './close-conversation.tsx';
import { LeaveGroup } from './leave-group.tsx';
import { LinkCard } from './link-card.tsx';
import { groupRights } from './member-rights.ts';
import { MembersSection } from './members-section.tsx';
import { NotifySetting } from './notify-setting.tsx';
import { MessageInfo } from './message-info.tsx';
import { PinsSection } from './pins-section.tsx';
import { ReachView } from './reach-view.tsx';
import { RenameGroup } from './rename-group.tsx';
import { TtlSetting } from './ttl-setting.tsx';

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
  // For those who run a channel, who has seen a message is a matter of numbers.
  const tellsReach = meta.row?.kind === 'announcement' && meta.ownRole !== null && meta.ownRole !== 'member';
  const title = t(messageId ? (tellsReach ? 'reach.title' : 'info.title') : 'details.title');
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
        {messageId && tellsReach ? (
          <ReachView
            key={messageId}
            conversationId={conversationId}
            messageId={messageId}
            isOffline={isOffline}
          />
        ) : messageId ? (
          <MessageInfo
            key={messageId}
            conversationId={conversationId}
            messageId={messageId}
            ownUserId={ownUserId}
            isOffline={isOffline}
          />
        ) : (
          <ConversationDetails
            key={conversationId}
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
  const rights = groupRights(meta);
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
        <div className="hero-title">
          <h3>{row.title}</h3>
          {row.peerMarks ? <PersonMarks {...row.peerMarks} /> : null}
          {rights.canRename ? <RenameGroup conversationId={conversationId} title={row.title} /> : null}
        </div>
        <div className="s13 t3">
          {row.kind === 'linked'
            ? t('linked.kind')
            : row.peerMarks?.isDeactivated
              ? t('person.deactivatedBody')
              : aboutText(meta, isOffline, t)}
        </div>
        {peer?.title ? <div className="s13 t2">{peer.title}</div> : null}
      </div>
      {meta.link ? <LinkCard link={meta.link} title={row.title} /> : null}
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
      <PinsSection conversationId={conversationId} pins={meta.pins} canPin={rights.canPin} />
      <MembersSection
        conversationId={conversationId}
        meta={meta}
        ownUserId={ownUserId}
        isOffline={isOffline}
      />
      <NotifySetting conversationId={conversationId} />
      <TtlSetting
        conversationId={conversationId}
        ttlMs={meta.rules.messageTtlMs}
        canChange={rights.canSetTtl}
      />
      {rights.canClose ? (
        <CloseConversation conversationId={conversationId} isClosed={meta.isClosed} />
      ) : null}
      <section className="sec">
        <ExportButton conversationId={conversationId} label={t('exporting.conversation')} />
      </section>
      {rights.canLeave ? (
        <LeaveGroup
          conversationId={conversationId}
          title={row.title}
          ownUserId={ownUserId}
          isLastOwner={rights.isLastOwner}
        />
      ) : null}
    </>
  );
}
