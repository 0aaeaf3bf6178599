/** Stands in the composer's place where one cannot write, says why, and offers what one can do instead. */
import './composer.css';
import { Lock, Megaphone } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { ConversationMeta } from '../../../ipc/views.ts';
import { announce } from '../../lib/announcer.ts';
import { writeTo } from '../../lib/conversation-actions.ts';
import { setClosed } from '../../lib/linked-items.ts';
import { Button } from '../../ui/button.tsx';

interface NoComposerProps {
  readonly conversationId: string;
  readonly meta: ConversationMeta;
}

/** See the file comment. */
export function NoComposer({ conversationId, meta }: NoComposerProps) {
  const { t } = useTranslation();
  const note = useRef<HTMLDivElement>(null);
  const text = reasonOf(meta, t);
  useEffect(() => {
    announce(text);
    // The field went with the focus in it: this keeps the keyboard where it was.
    if (document.activeElement === document.body) note.current?.focus();
  }, [text]);
  const announcer = announcerOf(meta);
  let icon: ReactNode = null;
  let way: ReactNode = null;
  if (meta.ownRole !== null && meta.isClosed) {
    icon = <Lock className="i i16" aria-hidden="true" />;
    if (mayReopen(meta)) {
      way = (
        <Button size="small" onClick={() => void setClosed(conversationId, false)}>
          {t('closed.reopen')}
        </Button>
      );
    }
  } else if (meta.ownRole !== null && announcer) {
    icon = <Megaphone className="i i16" aria-hidden="true" />;
    way = (
      <Button size="small" onClick={() => void writeTo(announcer.id)}>
        {t('closed.askAnnouncer', { name: announcer.name })}
      </Button>
    );
  }
  return (
    <div className="composer" data-region="composer">
      <div className="readonly">
        {icon}
        <span className="grow" ref={note} tabIndex={-1}>
          {text}
        </span>
        {way}
      </div>
    </div>
  );
}

function mayReopen({ ownRole }: ConversationMeta): boolean {
  return ownRole === 'owner' || ownRole === 'moderator';
}

function reasonOf(meta: ConversationMeta, t: TFunction): string {
  const { row, ownRole, isClosed, link } = meta;
  if (ownRole === null) return t('closed.left');
  if (isClosed) {
    const may = mayReopen(meta);
    if (!link || link.status === '') return t(may ? 'closed.closedOwn' : 'closed.closed');
    const { id, status } = link;
    return t(may ? 'closed.closedItemOwn' : 'closed.closedItem', { id, status });
  }
  return t(row?.kind === 'announcement' ? 'closed.announcement' : 'composer.readOnly');
}

/** Whom to ask about an announcement: who wrote the last one, else who runs the channel. */
function announcerOf({ row, members, ownRole }: ConversationMeta): { id: string; name: string } | null {
  if (row?.kind !== 'announcement' || ownRole !== 'member') return null;
  const announcers = members.filter(({ role }) => role !== 'member');
  return announcers.find(({ id }) => id === row.lastMessage?.senderId) ?? announcers[0] ?? null;
}
