/**
 * One message. Owns how it looks in every state and its spoken name; drawn again only when its own row, its place in
 * the group or its focus changes.
 */
import { CircleAlert, CornerUpLeft, Forward, MessagesSquare, Pin, Siren } from 'lucide-react';
import { memo, useEffect, useState, type MouseEvent } from 'react';
import type { MessageRow as Message } from '../../../ipc/message-rows.ts';
import { errorText, phrase, translate } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatListTime, formatTime } from '../../lib/format.ts';
import { isEmojiOnly, plainText } from '@curlew/shared/lib/markdown.ts';
import { showToast } from '../../lib/toast.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { MessageMeta } from '../../ui/message-meta.tsx';
import { PreviewCard } from '../../ui/preview-card.tsx';
import { RichText } from '../../ui/rich-text.tsx';
import { PersonMarks, spokenName } from '../../ui/person-marks.tsx';
import type { MessageRights, Reader, RowCallbacks } from './contracts.ts';
import { Acknowledgement, acknowledgementText } from './acknowledgement.tsx';
import { MessageTools } from './message-tools.tsx';
import { Reactions } from './reactions.tsx';
import { SeenBy } from './seen-by.tsx';

interface MessageRowProps {
  readonly row: Message;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Names and avatars are for conversations of more than two. */
  readonly isDirect: boolean;
  readonly isTabStop: boolean;
  readonly isHighlighted: boolean;
  readonly isOffline: boolean;
  readonly isPinned: boolean;
  readonly rights: MessageRights;
  /** Whose newest read message this is; undefined: nobody's. Equal lists are the same object. */
  readonly seenBy: readonly Reader[] | undefined;
  readonly callbacks: RowCallbacks;
}

/** Hovering this long shows the toolbar. */
const toolDelayMs = 80;

/** A message of the timeline. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row, isFirst, isDirect, isTabStop, isHighlighted, isOffline, rights, seenBy, callbacks } = props;
  const [hasTools, hover] = useTools();
  const hasThread = row.thread !== null && !rights.isInThread;
  const name = articleName(row, props.isPinned, hasThread);
  const showName = isFirst && !row.isOwn && !isDirect;
  return (
    <article
      className={`g${row.isOwn ? ' out' : ''}${isFirst ? '' : ' joined'}${showName ? '' : ' noname'}${isHighlighted ? ' lit' : ''}`}
      aria-label={name}
      tabIndex={isTabStop ? 0 : -1}
      data-message={row.id}
      onFocus={() => {
        callbacks.focused(row);
        hover(true, 0);
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) hover(false, 0);
      }}
      onPointerEnter={() => hover(true, toolDelayMs)}
      onPointerLeave={() => hover(false, 0)}
      onKeyDown={(event) => callbacks.keyDown(row, event)}
      onContextMenu={(event: MouseEvent) => {
        event.preventDefault();
        callbacks.openMenu(row, { x: event.clientX, y: event.clientY });
      }}
    >
      {row.isOwn ? null : isFirst ? <Avatar name={row.senderName} size={32} /> : <span className="av-gap" />}
      <div className="stack">
        {showName ? (
          <div className="who" aria-hidden="true">
            {row.senderName}
            <PersonMarks {...row.senderMarks} />
          </div>
        ) : null}
        <Bubble {...props} />
        {hasTools && !row.isDeleted ? <MessageTools row={row} rights={rights} callbacks={callbacks} /> : null}
        {row.reactions.length > 0 ? (
          <Reactions row={row} isLocked={!rights.isMember} onToggle={callbacks.toggleReaction} />
        ) : null}
        {hasThread ? <ThreadLine row={row} onOpen={callbacks.openThread} /> : null}
        <Acknowledgement row={row} rights={rights} isOffline={isOffline} onGive={callbacks.acknowledge} />
        <Under row={row} isOffline={isOffline} />
        {seenBy ? <SeenBy readers={seenBy} /> : null}
      </div>
    </article>
  );
});

/** Toolbar visibility, delayed on hover, kept while focus is inside. */
function useTools(): [boolean, (on: boolean, delayMs: number) => void] {
  const [wanted, setWanted] = useState<{ on: boolean; delayMs: number }>({ on: false, delayMs: 0 });
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (wanted.delayMs === 0) {
      setShown(wanted.on);
      return undefined;
    }
    const timer = setTimeout(() => setShown(wanted.on), wanted.delayMs);
    return () => clearTimeout(timer);
  }, [wanted]);
  return [isShown, (on, delayMs) => setWanted({ on, delayMs })];
}

function articleName(row: Message, isPinned: boolean, hasThread: boolean): string {
  const words = row.isDeleted ? phrase('timeline.deleted') : plainText(row.text ?? '');
  const text = row.forwardedFrom ? `${forwardedText(row.forwardedFrom.name)}: ${words}` : words;
  let time = formatTime(row.atMs);
  if (row.editedAtMs !== null) time += `, ${phrase('timeline.edited')}`;
  if (isPinned) time += `, ${phrase('pins.pinned')}`;
  if (row.isUrgent) time += `, ${phrase('urgent.mark')}`;
  if (row.acknowledgement) time += `, ${acknowledgementText(row)}`;
  if (hasThread) time += `, ${repliesText(row.thread)}`;
  if (!row.isOwn || !row.state) {
    return phrase('timeline.article', { sender: spokenName(row.senderName, row.senderMarks), text, time });
  }
  return phrase('timeline.articleOwn', { text, time, state: phrase(`receipt.${row.state}`) });
}

function Bubble({ row, isFirst, isLast, isOffline, isPinned, callbacks }: MessageRowProps) {
  const shape = isFirst ? (isLast ? '' : ' j1') : isLast ? ' j3' : ' j2';
  if (row.isDeleted || row.text === null) {
    return (
      <div className={`bub tomb${shape}`}>
        {phrase('timeline.deleted')}
        <MessageMeta row={row} isOffline={isOffline} />
      </div>
    );
  }
  const isBig = !row.replyTo && !row.forwardedFrom && isEmojiOnly(row.text);
  const failed = row.state === 'failed' ? ' failed' : '';
  return (
    <div className={`bub${isBig ? ' big' : shape}${failed}`}>
      {row.isUrgent ? (
        <div className="urgent-mark">
          <Siren className="i i14" aria-hidden="true" />
          {phrase('urgent.mark')}
        </div>
      ) : null}
      {row.forwardedFrom ? (
        <div className="fwd">
          <Forward className="i i14" aria-hidden="true" />
          {forwardedText(row.forwardedFrom.name)}
        </div>
      ) : null}
      {row.replyTo ? <Quote row={row} onJump={callbacks.jumpTo} /> : null}
      <RichText text={row.text} mentions={row.mentions} />
      {row.preview ? <PreviewCard preview={row.preview} isTabStop={false} /> : null}
      <MessageMeta row={row} isOffline={isOffline} />
      {isPinned ? (
        <span className="pin-mark" title={phrase('pins.pinned')} aria-hidden="true">
          <Pin className="i" />
        </span>
      ) : null}
    </div>
  );
}

/** Who wrote a forwarded message first, where that is known. */
function forwardedText(name: string | null): string {
  return name === null ? phrase('forward.label') : phrase('forward.labelFrom', { name });
}

function Quote({ row, onJump }: { readonly row: Message; readonly onJump: (messageId: string) => void }) {
  const { replyTo } = row;
  if (!replyTo) return null;
  const name = replyTo.senderName ?? phrase('timeline.unavailable');
  return (
    <button
      type="button"
      className="q"
      tabIndex={-1}
      title={phrase('timeline.quote', { name })}
      onClick={() => onJump(replyTo.id)}
    >
      <b>{replyTo.senderName ?? <CornerUpLeft className="i i14" aria-hidden="true" />}</b>
      <span className="clip">
        {replyTo.excerpt === null ? phrase('timeline.unavailable') : plainText(replyTo.excerpt)}
      </span>
    </button>
  );
}

/** "3 replies, 1 new". */
function repliesText(thread: Message['thread']): string {
  const t = translate();
  const replies = t('thread.replies', { count: thread?.replies ?? 0 });
  return thread && thread.unread > 0 ? t('thread.withNew', { replies, count: thread.unread }) : replies;
}

/** Leads into the thread of a message. No tab stop: the message itself is one, and its T opens the thread. */
function ThreadLine({ row, onOpen }: { readonly row: Message; readonly onOpen: (row: Message) => void }) {
  const { thread } = row;
  if (!thread) return null;
  const t = translate();
  const replies = repliesText(thread);
  const words = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
  const text =
    thread.lastAtMs === null
      ? replies
      : t('thread.line', { replies, time: formatListTime(thread.lastAtMs, Date.now(), words) });
  return (
    <button
      type="button"
      className={thread.unread > 0 ? 'thread-line new' : 'thread-line'}
      tabIndex={-1}
      onClick={() => onOpen(row)}
    >
      <MessagesSquare className="i i14" aria-hidden="true" />
      {text}
    </button>
  );
}

/** The line under a message: why it failed and what to do, or that a change still waits. */
function Under({ row, isOffline }: { readonly row: Message; readonly isOffline: boolean }) {
  if (row.state === 'failed') {
    return (
      <div className="under err">
        <CircleAlert className="i i14" aria-hidden="true" />
        <span>
          {row.error
            ? phrase('timeline.notSentReason', { reason: errorText(row.error) })
            : phrase('timeline.notSent')}
        </span>
        <OutboxLink intent="outbox.retry" row={row} label={phrase('app.tryAgain')} />
        <OutboxLink intent="outbox.discard" row={row} label={phrase('timeline.delete')} />
      </div>
    );
  }
  if (row.state === 'parked') {
    return (
      <div className="under">
        <span>{phrase('timeline.parked')}</span>
        <OutboxLink intent="outbox.sendNow" row={row} label={phrase('timeline.sendNow')} />
        <OutboxLink intent="outbox.discard" row={row} label={phrase('timeline.delete')} />
      </div>
    );
  }
  if (row.pendingChange && row.error)
    return <div className="under err">{phrase('timeline.changeFailed')}</div>;
  if (row.pendingChange && isOffline) {
    return (
      <div className="under">
        {phrase(row.pendingChange === 'edit' ? 'timeline.editing' : 'timeline.deleting')}
      </div>
    );
  }
  return null;
}

function OutboxLink({
  intent,
  row,
  label,
}: {
  readonly intent: 'outbox.retry' | 'outbox.discard' | 'outbox.sendNow';
  readonly row: Message;
  readonly label: string;
}) {
  const run = async () => {
    // A message keeps the id of the op that sends it.
    const result = await invoke(intent, { opId: row.id });
    if (!result.ok) showToast({ text: phrase('outbox.refused', { reason: errorText(result.error) }) });
  };
  return (
    <LinkButton isDanger={row.state === 'failed'} onClick={() => void run()}>
      {label}
    </LinkButton>
  );
}
