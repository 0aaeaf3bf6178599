/** The composer: one to ten lines, reply and edit banner, emoji, and the sentence that says why a text cannot go. */
import './composer.css';
import { Check, CircleAlert, History, SendHorizontal, Smile, X } from 'lucide-react';
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { LinkPreview } from '@curlew/shared/domain/message.ts';
import { tell } from '../../lib/bridge.ts';
import { latestRequests, threadPlace, type ComposeTarget } from '../../lib/compose-target.ts';
import { formatKib } from '../../lib/format.ts';
import { navigation } from '../../lib/navigation.ts';
import { useStore } from '../../lib/store.ts';
import type { Mentionable } from '@curlew/shared/lib/mentions.ts';
import { useMeta } from '../../lib/use-view.ts';
import { IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { EmojiPicker } from '../../ui/emoji-picker.tsx';
import { PreviewCard } from '../../ui/preview-card.tsx';
import type { StoredDraft } from './draft-keeper.ts';
import { useLinkPreview } from './link-preview.ts';
import { keepMention, mentionPlace } from './mention-keeper.ts';
import { MentionPopup, useMentionList } from './mention-list.tsx';
import { AskAckButton, AskAckNote, UrgentButton, UrgentNote, useAskAck } from './ask-ack.tsx';
import { OtherDraft } from './other-draft.tsx';
import { SendOptions, type SendHow } from './send-options.tsx';
import {
  enterMeans,
  insertAt,
  isSendable,
  oversizeBytes,
  textLimitBytes,
  wrapSelection,
  type Editing,
} from './text.ts';
import { useComposer } from './use-composer.ts';

/** A message that notifies more people than this is asked about first. */
const quietMentions = 50;
const nobody: readonly Mentionable[] = [];

/** Outlives the composer: a request that was answered must not be answered again when it is mounted anew. */
let handledFocusRequest = 0;

interface ComposerProps {
  readonly conversationId: string;
  readonly title: string;
  /** Undefined until the core told it. */
  readonly draft: StoredDraft | null | undefined;
  /** What another device wrote meanwhile. */
  readonly otherDraft?: StoredDraft | null | undefined;
  /** The text cleared last that can be brought back. */
  readonly clearedDraft?: string | null | undefined;
  readonly sendWith: 'enter' | 'ctrlEnter';
  /** Whom a text can mention; everybody by the conversation's id. */
  readonly mentionables?: readonly Mentionable[] | undefined;
  /** It is an announcement channel: its readers can be asked to acknowledge. */
  readonly canAskAck?: boolean | undefined;
  /** Announcements may be urgent here. */
  readonly canBeUrgent?: boolean | undefined;
  /** Writes into the thread of a message: takes the focus when it comes, and Esc leaves it. */
  readonly thread?: { readonly rootId: string; readonly onLeave: () => void } | undefined;
}

/** Stays mounted while conversations change, so that focus stays and no key press falls between two of them. */
export function Composer(props: ComposerProps) {
  const { conversationId, title, draft, sendWith, thread, mentionables = nobody } = props;
  const previewsLinks = useMeta('preferences', {})?.linkPreviews ?? false;
  const { t } = useTranslation();
  const place = thread ? threadPlace(thread.rootId) : conversationId;
  const field = useRef<HTMLTextAreaElement>(null);
  const isWriting = useCallback(
    () =>
      document.hasFocus() && document.activeElement === field.current && (field.current?.value ?? '') !== '',
    [],
  );
  const ask = useAskAck(place, props.canAskAck === true && thread === undefined);
  const urgent = useAskAck(place, props.canBeUrgent === true && thread === undefined);
  const linked = useRef<LinkPreview | null>(null);
  const composer = useComposer(
    {
      place,
      conversationId,
      threadRootId: thread?.rootId ?? null,
      requiresAck: ask.isOn,
      isUrgent: urgent.isOn,
      preview: () => linked.current,
      mentionables,
    },
    draft,
    isWriting,
  );
  const { text, target, error, change, cancelTarget, editLast, leave } = composer;
  const { preview, remove: removePreview } = useLinkPreview(
    place,
    target?.kind === 'edit' ? '' : text,
    previewsLinks,
  );
  linked.current = preview;
  const sendNow = (how?: SendHow) => {
    if (target?.kind !== 'edit') {
      ask.set(false);
      urgent.set(false);
    }
    composer.send(how);
  };
  const [pickerAnchor, setPickerAnchor] = useState<Element | null>(null);
  const selection = useRef<{ start: number; end: number } | null>(null);
  const emojiButton = useRef<HTMLButtonElement>(null);

  const focusRequest = useStore(navigation, (value) => value.focusComposer);
  const isThread = thread !== undefined;
  useEffect(() => {
    if (isThread || focusRequest === handledFocusRequest) return;
    handledFocusRequest = focusRequest;
    field.current?.focus();
  }, [focusRequest, isThread]);
  useEffect(() => {
    if (isThread) field.current?.focus();
  }, [isThread]);
  useLayoutEffect(() => {
    const wanted = selection.current;
    selection.current = null;
    if (wanted) field.current?.setSelectionRange(wanted.start, wanted.end);
  }, [text]);
  const targetId = target?.messageId;
  useEffect(() => {
    const element = field.current;
    if (targetId !== undefined && element && document.activeElement === element) {
      element.setSelectionRange(element.value.length, element.value.length);
    }
  }, [targetId]);

  const edit = (apply: (editing: Editing) => Editing) => {
    const element = field.current;
    const start = element?.selectionStart ?? text.length;
    const end = element?.selectionEnd ?? text.length;
    const next = apply({ text, start, end });
    selection.current = { start: next.start, end: next.end };
    change(next.text);
  };

  const [caret, setCaret] = useState<number | null>(null);
  const [question, setQuestion] = useState<{
    readonly count: number;
    readonly how?: SendHow | undefined;
  } | null>(null);
  const send = (how?: SendHow) => {
    const count = composer.countNotified();
    if (count > quietMentions) setQuestion({ count, how });
    else sendNow(how);
  };
  const mention = ({ id, name }: Mentionable, start: number, end: number) => {
    keepMention(mentionPlace(place, target), id);
    edit((editing) => insertAt({ text: editing.text, start, end }, `@${name} `));
    setCaret(start + name.length + 2);
  };
  const list = useMentionList(text, caret, mentionables, (entry, typed) =>
    mention(entry, typed.at, typed.at + 1 + typed.query.length),
  );
  const isListOpen = list.entries.length > 0;
  const answer = (isYes: boolean) => {
    if (question && isYes) sendNow(question.how);
    setQuestion(null);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (list.takeKey(event)) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter') {
      const isComposing = event.nativeEvent.isComposing;
      const meaning = enterMeans({ shift: event.shiftKey, ctrl, isComposing }, sendWith);
      if (meaning === 'send') {
        event.preventDefault();
        send();
      } else if (meaning === 'newline' && ctrl) {
        event.preventDefault();
        edit((editing) => insertAt(editing, '\n'));
      }
    } else if (
      event.key === 'ArrowUp' &&
      text === '' &&
      !target &&
      !event.altKey &&
      !ctrl &&
      !event.shiftKey
    ) {
      if (editLast()) event.preventDefault();
    } else if (isPlainEscape(event)) {
      event.preventDefault();
      if (target) cancelTarget();
      else if (thread) thread.onLeave();
      else {
        latestRequests.set((count) => count + 1);
        tell('conversation.markRead', { conversationId });
      }
    } else if (ctrl && !event.altKey) {
      const mark = markFor(event.key.toLowerCase(), event.shiftKey);
      if (mark) {
        event.preventDefault();
        edit((editing) => wrapSelection(editing, mark));
      } else if (event.key.toLowerCase() === 'e' && !event.shiftKey) {
        event.preventDefault();
        setPickerAnchor(emojiButton.current);
      }
    }
  };

  const oversize = oversizeBytes(text);
  const problem =
    oversize === null
      ? error
      : t('composer.tooLarge', { size: formatKib(oversize), limit: formatKib(textLimitBytes) });
  const label = isThread ? t('thread.label') : t('composer.label', { name: title });
  const problemId = useId();
  const isEdit = target?.kind === 'edit';
  return (
    <div className="composer" data-region={isThread ? 'thread-composer' : 'composer'}>
      <div className="cbox">
        <MentionPopup list={list} />
        {isEdit ? null : <AskAckNote ask={ask} />}
        {isEdit ? null : <UrgentNote urgent={urgent} />}
        {preview ? (
          <PreviewCard
            preview={preview}
            isTabStop
            action={
              <IconButton label={t('preview.remove')} isSmall onClick={removePreview}>
                <X className="i i16" />
              </IconButton>
            }
          />
        ) : null}
        {props.otherDraft && !isEdit ? (
          <OtherDraft draft={props.otherDraft} onChoose={composer.choose} />
        ) : null}
        {target ? <TargetBanner target={target} onCancel={cancelTarget} /> : null}
        <div className="crow">
          <textarea
            ref={field}
            className="ctext"
            rows={1}
            value={text}
            placeholder={isThread ? t('thread.placeholder') : t('composer.placeholder', { name: title })}
            aria-label={label}
            // Only while there is a list to choose from: else it is a plain field.
            role={isListOpen ? 'combobox' : undefined}
            aria-multiline={isListOpen ? undefined : true}
            aria-expanded={isListOpen ? true : undefined}
            aria-autocomplete={isListOpen ? 'list' : undefined}
            aria-controls={isListOpen ? list.listId : undefined}
            aria-activedescendant={isListOpen ? list.optionId(list.active) : undefined}
            aria-invalid={oversize === null ? undefined : true}
            aria-describedby={problem ? problemId : undefined}
            onChange={(event) => {
              setCaret(event.target.selectionStart);
              change(event.target.value);
            }}
            onSelect={({ currentTarget: { selectionStart, selectionEnd } }) =>
              setCaret(selectionStart === selectionEnd ? selectionStart : null)
            }
            onKeyDown={onKeyDown}
            onBlur={() => {
              setCaret(null);
              leave();
            }}
          />
          {isEdit || text !== '' || props.clearedDraft == null ? null : (
            <IconButton
              label={t('composer.restore')}
              tooltipSide="top"
              onClick={() => {
                composer.restore();
                field.current?.focus();
              }}
            >
              <History className="i" />
            </IconButton>
          )}
          {isEdit ? null : <AskAckButton ask={ask} />}
          {isEdit ? null : <UrgentButton urgent={urgent} />}
          <IconButton
            ref={emojiButton}
            label={t('composer.emoji')}
            keys="Ctrl+E"
            tooltipSide="top"
            aria-haspopup="dialog"
            onClick={() => setPickerAnchor(emojiButton.current)}
          >
            <Smile className="i" />
          </IconButton>
          <IconButton
            label={t(isEdit ? 'composer.save' : 'composer.send')}
            keys={sendWith === 'enter' ? 'Enter' : 'Ctrl+Enter'}
            tooltipSide="top"
            isSolid={isSendable(text)}
            disabled={!isSendable(text)}
            onClick={() => {
              send();
              field.current?.focus();
            }}
          >
            {isEdit ? <Check className="i" /> : <SendHorizontal className="i" />}
          </IconButton>
          {isEdit ? null : <SendOptions isDisabled={!isSendable(text)} field={field} onSend={send} />}
        </div>
      </div>
      {problem ? (
        <div className="cproblem" role="alert" id={problemId}>
          <CircleAlert className="i i14" aria-hidden="true" />
          <span>{problem}</span>
        </div>
      ) : null}
      <Confirm
        isOpen={question !== null}
        title={t('mention.askTitle', { count: question?.count ?? 0 })}
        safeLabel={t('mention.askCancel')}
        dangerLabel={t('mention.askConfirm')}
        onSafe={() => answer(false)}
        onDanger={() => answer(true)}
      />
      <EmojiPicker
        anchor={pickerAnchor}
        onClose={() => {
          setPickerAnchor(null);
          field.current?.focus();
        }}
        onPick={(emoji) => edit((editing) => insertAt(editing, emoji))}
      />
    </div>
  );
}

/** Shift+Esc marks everything read, wherever focus is. */
function isPlainEscape(event: KeyboardEvent): boolean {
  return (
    event.key === 'Escape' && !event.shiftKey && !event.defaultPrevented && !event.nativeEvent.isComposing
  );
}

function markFor(key: string, isShift: boolean): string | null {
  if (key === 'b' && !isShift) return '**';
  if (key === 'i' && !isShift) return '*';
  if (key === 'c' && isShift) return '`';
  return null;
}

function TargetBanner({
  target,
  onCancel,
}: {
  readonly target: ComposeTarget;
  readonly onCancel: () => void;
}) {
  const { t } = useTranslation();
  const isEdit = target.kind === 'edit';
  const quoted = isEdit ? null : target.quoted;
  const title = isEdit
    ? t('composer.editing')
    : quoted?.isOwn
      ? t('composer.replyingToYourself')
      : t('composer.replyingTo', { name: quoted?.senderName ?? '…' });
  return (
    <div className="rban">
      <span className="rbar" aria-hidden="true" />
      <div className="grow">
        <div className="med">{title}</div>
        <div className="clip t2">{isEdit ? target.text : quoted?.excerpt}</div>
      </div>
      <IconButton
        label={t(isEdit ? 'composer.cancelEdit' : 'composer.cancelReply')}
        isSmall
        onClick={onCancel}
      >
        <X className="i i16" />
      </IconButton>
    </div>
  );
}
