/**
 * State of the composer. Owns the text on screen, what a send means (message, reply, edit) and what happens when it is
 * refused: the text comes back and the reason stands below it. Nothing here is read by the timeline, so a key press
 * draws the composer alone.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { LinkPreview } from '@curlew/shared/domain/message.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { IntentAnswer, IntentRequest } from '../../../ipc/intents.ts';
import { errorText, translate } from '../../i18n/index.ts';
import { announce } from '../../lib/announcer.ts';
import { invoke, tell } from '../../lib/bridge.ts';
import {
  composeTargets,
  editMessage,
  lookupOf,
  noteOwnSend,
  quotedPart,
  setComposeTarget,
  type ComposeTarget,
} from '../../lib/compose-target.ts';
import { formatComing } from '../../lib/format.ts';
import { peopleNotified, type Mentionable } from '@curlew/shared/lib/mentions.ts';
import { useStore } from '../../lib/store.ts';
import { showToast } from '../../lib/toast.ts';
import {
  draftText,
  flushDraft,
  keepDraft,
  placeThread,
  putDraft,
  takeStoredDraft,
  type StoredDraft,
} from './draft-keeper.ts';
import {
  forgetMentions,
  keepMention,
  mentionPlace,
  mentionsToSend,
  takeMentions,
  trustMentionsOf,
} from './mention-keeper.ts';
import type { SendHow } from './send-options.tsx';
import { isSendable, sentText } from './text.ts';

/** What the composer view draws from. */
export interface ComposerState {
  readonly text: string;
  readonly target: ComposeTarget | undefined;
  readonly error: string | null;
  readonly change: (text: string) => void;
  /** Without `how`: at once, however long that takes. */
  readonly send: (how?: SendHow) => void;
  /** How many people the text would notify. */
  readonly countNotified: () => number;
  readonly cancelTarget: () => void;
  readonly editLast: () => boolean;
  readonly leave: () => void;
  /** Between the own draft and that of another device. */
  readonly choose: (useOther: boolean) => void;
  /** Brings back the draft that was cleared last. */
  readonly restore: () => void;
}

/** Where the composer writes. */
export interface Place {
  /** The conversation's id, or a thread's `threadPlace`. */
  readonly place: string;
  readonly conversationId: string;
  /** The message whose thread this is; null in the conversation itself. */
  readonly threadRootId: string | null;
  /** What is written here is an announcement that everybody is asked to acknowledge. */
  readonly requiresAck: boolean;
  /** And one that is told also while readers are not to be disturbed. */
  readonly isUrgent: boolean;
  /** The preview shown above the field when a message is sent. */
  readonly preview: () => LinkPreview | null;
  /** Whom a text written here can mention. */
  readonly mentionables: readonly Mentionable[];
}

/** `stored` is undefined until the core told its draft. */
export function useComposer(
  where: Place,
  stored: StoredDraft | null | undefined,
  isWriting: () => boolean,
): ComposerState {
  if (where.threadRootId !== null) placeThread(where.place, where.conversationId);
  const [text, setText] = useState(() => draftText(where.place));
  const [error, setError] = useState<string | null>(null);
  const target = useStore(composeTargets, (all) => all[where.place]);
  const shown = useRef({ where, text, target });
  const editing = useRef<string | null>(null);

  // Another conversation: its text replaces this one in the same paint, so nothing typed lands in the wrong place.
  if (shown.current.where.place !== where.place) {
    flushDraft(shown.current.where.place);
    const next = target?.kind === 'edit' ? target.text : draftText(where.place);
    shown.current = { where, text: next, target };
    editing.current = target?.kind === 'edit' ? target.messageId : null;
    setText(next);
    setError(null);
  }
  shown.current = { where, text, target };

  useStoredDraft(where.place, stored, isWriting, setText);
  useTargetText(where.place, target, editing, setText);
  useEffect(() => {
    const leaving = () => flushDraft(shown.current.where.place);
    window.addEventListener('pagehide', leaving);
    window.addEventListener('blur', leaving);
    return () => {
      window.removeEventListener('pagehide', leaving);
      window.removeEventListener('blur', leaving);
      leaving();
    };
  }, []);

  const change = useCallback((next: string) => {
    const { where: at, target: current } = shown.current;
    setText(next);
    setError(null);
    keepDraft(at.place, next, current);
    if (current?.kind === 'edit' || at.threadRootId !== null) return;
    tell('typing.report', { conversationId: at.conversationId, isTyping: next !== '' });
  }, []);

  const send = useCallback((how?: SendHow) => {
    const { where: at, text: written, target: current } = shown.current;
    const id = at.place;
    if (!isSendable(written)) return;
    const mentions = mentionsToSend(mentionPlace(id, current), written, at.mentionables);
    const giveBack = (reason: string) => {
      // The person may have gone on writing meanwhile: what was refused stands before it.
      for (const each of mentions) keepMention(mentionPlace(id, current), each);
      if (current?.kind !== 'edit') {
        const since = draftText(id);
        keepDraft(id, since === '' ? written : `${written}\n${since}`, current);
      }
      setComposeTarget(id, current?.kind === 'edit' ? { ...current, text: written, mentions } : current);
      if (shown.current.where.place !== id) return;
      setText(current?.kind === 'edit' ? written : draftText(id));
      setError(translate()('composer.failed', { reason }));
    };
    setComposeTarget(id, undefined);
    forgetMentions(mentionPlace(id, current));
    if (current?.kind !== 'edit') {
      setText('');
      shown.current = { where: at, text: '', target: undefined };
    }
    void deliver(at, sentText(written), current, mentions, how).then((reason) => {
      if (reason !== null) giveBack(reason);
    });
  }, []);

  const countNotified = useCallback(() => {
    const { where: at, text: written, target: current } = shown.current;
    const ids = mentionsToSend(mentionPlace(at.place, current), written, at.mentionables);
    return peopleNotified(ids, at.mentionables);
  }, []);

  const cancelTarget = useCallback(() => {
    const { target: current } = shown.current;
    const id = shown.current.where.place;
    setComposeTarget(id, undefined);
    if (current?.kind === 'reply') keepDraft(id, shown.current.text, undefined);
  }, []);

  const editLast = useCallback(() => {
    const { text: written } = shown.current;
    const id = shown.current.where.place;
    const row = written === '' ? lookupOf(id)?.lastOwn() : null;
    if (!row || row.text === null) return false;
    editMessage(id, row);
    return true;
  }, []);

  const leave = useCallback(() => flushDraft(shown.current.where.place), []);
  const put = useCallback(({ place }: Place, draft: StoredDraft | null) => {
    putDraft(place, draft);
    showStored(place, draft, shown.current.where.place === place ? setText : () => undefined);
  }, []);
  const restore = useCallback(() => {
    const { where: at } = shown.current;
    flushDraft(at.place);
    void invoke('draft.restore', draftPlace(at)).then((result) => {
      if (result.ok) put(at, result.value.draft);
    });
  }, [put]);
  const choose = useCallback(
    (useOther: boolean) => {
      const { where: at, text: own } = shown.current;
      flushDraft(at.place);
      void invoke('draft.choose', { ...draftPlace(at), useOther }).then((result) => {
        if (!result.ok) return;
        const isOwnKept = own.trim() !== '' && result.value.draft?.text.includes(own) === false;
        if (useOther) put(at, result.value.draft);
        if (useOther && !isOwnKept) return;
        const t = translate();
        showToast({
          text: t(useOther ? 'composer.ownPutAside' : 'composer.otherDiscarded'),
          action: {
            label: t(useOther ? 'composer.undo' : 'composer.useOther'),
            run: () =>
              void invoke('draft.restore', draftPlace(at)).then((back) => {
                if (back.ok) put(at, back.value.draft);
              }),
          },
        });
      });
    },
    [put],
  );
  return {
    text,
    target,
    error,
    change,
    send,
    countNotified,
    cancelTarget,
    editLast,
    leave,
    choose,
    restore,
  };
}

/** Hands a text to the core; resolves to the reason of a refusal, or null. */
async function deliver(
  { place, conversationId, threadRootId, requiresAck, isUrgent, preview: shownPreview }: Place,
  text: string,
  target: ComposeTarget | undefined,
  mentions: string[],
  how: SendHow | undefined,
): Promise<string | null> {
  if (target?.kind === 'edit') {
    const result = await invoke('message.edit', {
      conversationId,
      messageId: target.messageId,
      text,
      ...(mentions.length === 0 ? {} : { mentions }),
    });
    return result.ok ? null : errorText(result.error);
  }
  const preview = shownPreview();
  if (threadRootId === null && how?.kind !== 'schedule') noteOwnSend(conversationId);
  const request = {
    conversationId,
    text,
    replyTo: target?.messageId ?? null,
    ...(threadRootId === null ? {} : { threadRootId }),
    ...(mentions.length === 0 ? {} : { mentions }),
  };
  const extras = {
    ...(requiresAck ? { requiresAck: true as const } : {}),
    ...(isUrgent ? { urgent: true as const } : {}),
    ...(preview ? { preview } : {}),
  };
  // Until the message is durable its text stays in the draft on disk; a crash in between shows it again.
  const sending =
    how?.kind === 'schedule'
      ? schedule({ ...request, ...(Object.keys(extras).length > 0 ? { extras } : {}) }, how.atMs)
      : invoke('message.send', {
          ...request,
          ...(how ? { dropAtMs: how.atMs } : {}),
          ...extras,
        });
  keepDraft(place, '', undefined);
  const result = await sending;
  if (!result.ok) return errorText(result.error);
  flushDraft(place);
  if (threadRootId === null) tell('typing.report', { conversationId, isTyping: false });
  return null;
}

/** Schedules a message; a toast says when it goes and takes it back. */
async function schedule(
  request: Omit<IntentRequest<'message.schedule'>, 'sendAtMs'>,
  sendAtMs: number,
): Promise<Result<IntentAnswer<'message.schedule'>, ErrorBody>> {
  const result = await invoke('message.schedule', { ...request, sendAtMs });
  if (!result.ok) return result;
  const t = translate();
  const { messageId } = result.value;
  showToast({
    text: t('later.scheduled', { when: formatComing(sendAtMs, Date.now()) }),
    action: { label: t('later.undo'), run: () => tell('scheduled.toDraft', { messageId }) },
  });
  return result;
}

/** Takes over the core's draft when it arrives or changes elsewhere. */
function useStoredDraft(
  place: string,
  stored: StoredDraft | null | undefined,
  isWriting: () => boolean,
  setText: (text: string) => void,
): void {
  useLayoutEffect(() => {
    if (stored === undefined) return;
    const taken = takeStoredDraft(place, stored, isWriting());
    if (!taken || composeTargets.get()[place]?.kind === 'edit') return;
    showStored(place, taken, setText);
  }, [place, stored, isWriting, setText]);
}

function showStored(place: string, draft: StoredDraft | null, setText: (text: string) => void): void {
  const { text, replyTo } = draft ?? { text: '', replyTo: null };
  trustMentionsOf(place, text);
  setText(text);
  if (replyTo !== null) setComposeTarget(place, { kind: 'reply', messageId: replyTo, quoted: null });
}

function draftPlace({ conversationId, threadRootId }: Place) {
  return { conversationId, ...(threadRootId === null ? {} : { threadRootId }) };
}

/** Starting an edit shows its text, ending it brings the draft back; a reply is announced and finds its quote. */
function useTargetText(
  place: string,
  target: ComposeTarget | undefined,
  editing: { current: string | null },
  setText: (text: string) => void,
): void {
  useLayoutEffect(() => {
    if (target?.kind === 'edit' && editing.current !== target.messageId) {
      editing.current = target.messageId;
      takeMentions(mentionPlace(place, target), target.mentions);
      setText(target.text);
      announce(translate()('composer.editing'));
    } else if (target?.kind !== 'edit' && editing.current !== null) {
      editing.current = null;
      setText(draftText(place));
    }
    if (target?.kind === 'reply' && target.quoted) {
      const { isOwn, senderName } = target.quoted;
      const t = translate();
      announce(isOwn ? t('composer.replyingToYourself') : t('composer.replyingTo', { name: senderName }));
      keepDraft(place, draftText(place), target);
    }
  }, [place, target, editing, setText]);

  const isUnresolved = target?.kind === 'reply' && target.quoted === null;
  const messageId = target?.messageId;
  useEffect(() => {
    if (!isUnresolved || messageId === undefined) return undefined;
    // The timeline opens beside the composer and holds the quoted message a moment later.
    const timer = setInterval(() => {
      const row = lookupOf(place)?.find(messageId);
      if (row) setComposeTarget(place, { kind: 'reply', messageId, quoted: quotedPart(row) });
    }, 200);
    return () => clearInterval(timer);
  }, [place, isUnresolved, messageId]);
}
