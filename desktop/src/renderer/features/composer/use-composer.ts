/**
 * State of the composer. Owns the text on screen, what a send means (message, reply, edit) and what happens when it is
 * refused: the text comes back and the reason stands below it. Nothing here is read by the timeline, so a key press
 * draws the composer alone.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { translate } from '../../i18n/index.ts';
import { announce } from '../../lib/announcer.ts';
import { invoke, tell } from '../../lib/bridge.ts';
import {
  composeTargets,
  lookupOf,
  noteOwnSend,
  quotedPart,
  setComposeTarget,
  type ComposeTarget,
} from '../../lib/compose-target.ts';
import { useStore } from '../../lib/store.ts';
import { draftText, flushDraft, keepDraft, takeStoredDraft, type StoredDraft } from './draft-keeper.ts';
import { isSendable, sentText } from './text.ts';

/** What the composer view draws from. */
export interface ComposerState {
  readonly text: string;
  readonly target: ComposeTarget | undefined;
  readonly error: string | null;
  readonly change: (text: string) => void;
  readonly send: () => void;
  readonly cancelTarget: () => void;
  readonly editLast: () => boolean;
  readonly leave: () => void;
}

/** `stored` is undefined until the core told its draft. */
export function useComposer(
  conversationId: string,
  stored: StoredDraft | null | undefined,
  isWriting: () => boolean,
): ComposerState {
  const [text, setText] = useState(() => draftText(conversationId));
  const [error, setError] = useState<string | null>(null);
  const target = useStore(composeTargets, (all) => all[conversationId]);
  const shown = useRef({ conversationId, text, target });
  const editing = useRef<string | null>(null);

  // Another conversation: its text replaces this one in the same paint, so nothing typed lands in the wrong place.
  if (shown.current.conversationId !== conversationId) {
    flushDraft(shown.current.conversationId);
    const next = target?.kind === 'edit' ? target.text : draftText(conversationId);
    shown.current = { conversationId, text: next, target };
    editing.current = target?.kind === 'edit' ? target.messageId : null;
    setText(next);
    setError(null);
  }
  shown.current = { conversationId, text, target };

  useStoredDraft(conversationId, stored, isWriting, setText);
  useTargetText(conversationId, target, editing, setText);
  useEffect(() => {
    const leaving = () => flushDraft(shown.current.conversationId);
    window.addEventListener('pagehide', leaving);
    window.addEventListener('blur', leaving);
    return () => {
      window.removeEventListener('pagehide', leaving);
      window.removeEventListener('blur', leaving);
      leaving();
    };
  }, []);

  const change = useCallback((next: string) => {
    const { conversationId: id, target: current } = shown.current;
    setText(next);
    setError(null);
    keepDraft(id, next, current);
    if (current?.kind !== 'edit') tell('typing.report', { conversationId: id, isTyping: next !== '' });
  }, []);

  const send = useCallback(() => {
    const { conversationId: id, text: written, target: current } = shown.current;
    if (!isSendable(written)) return;
    const giveBack = (reason: string) => {
      // The person may have gone on writing meanwhile: what was refused stands before it.
      if (current?.kind !== 'edit') {
        const since = draftText(id);
        keepDraft(id, since === '' ? written : `${written}\n${since}`, current);
      }
      setComposeTarget(id, current?.kind === 'edit' ? { ...current, text: written } : current);
      if (shown.current.conversationId !== id) return;
      setText(current?.kind === 'edit' ? written : draftText(id));
      setError(translate()('composer.failed', { reason }));
    };
    setComposeTarget(id, undefined);
    if (current?.kind !== 'edit') {
      setText('');
      shown.current = { conversationId: id, text: '', target: undefined };
    }
    void deliver(id, sentText(written), current).then((reason) => {
      if (reason !== null) giveBack(reason);
    });
  }, []);

  const cancelTarget = useCallback(() => {
    const { conversationId: id, target: current } = shown.current;
    setComposeTarget(id, undefined);
    if (current?.kind === 'reply') keepDraft(id, shown.current.text, undefined);
  }, []);

  const editLast = useCallback(() => {
    const { conversationId: id, text: written } = shown.current;
    const row = written === '' ? lookupOf(id)?.lastOwn() : null;
    if (!row || row.text === null) return false;
    setComposeTarget(id, { kind: 'edit', messageId: row.id, text: row.text });
    return true;
  }, []);

  const leave = useCallback(() => flushDraft(shown.current.conversationId), []);
  return { text, target, error, change, send, cancelTarget, editLast, leave };
}

/** Hands a text to the core; resolves to the reason of a refusal, or null. */
async function deliver(
  conversationId: string,
  text: string,
  target: ComposeTarget | undefined,
): Promise<string | null> {
  if (target?.kind === 'edit') {
    const result = await invoke('message.edit', { conversationId, messageId: target.messageId, text });
    return result.ok ? null : result.error.message;
  }
  noteOwnSend(conversationId);
  const replyTo = target?.messageId ?? null;
  // Until the message is durable its text stays in the draft on disk; a crash in between shows it again.
  const sending = invoke('message.send', { conversationId, text, replyTo });
  keepDraft(conversationId, '', undefined);
  const result = await sending;
  if (!result.ok) return result.error.message;
  flushDraft(conversationId);
  tell('typing.report', { conversationId, isTyping: false });
  return null;
}

/** Takes over the core's draft when it arrives or changes elsewhere. */
function useStoredDraft(
  conversationId: string,
  stored: StoredDraft | null | undefined,
  isWriting: () => boolean,
  setText: (text: string) => void,
): void {
  useLayoutEffect(() => {
    if (stored === undefined) return;
    const taken = takeStoredDraft(conversationId, stored, isWriting());
    if (!taken || composeTargets.get()[conversationId]?.kind === 'edit') return;
    setText(taken.text);
    if (taken.replyTo !== null) {
      setComposeTarget(conversationId, { kind: 'reply', messageId: taken.replyTo, quoted: null });
    }
  }, [conversationId, stored, isWriting, setText]);
}

/** Starting an edit shows its text, ending it brings the draft back; a reply is announced and finds its quote. */
function useTargetText(
  conversationId: string,
  target: ComposeTarget | undefined,
  editing: { current: string | null },
  setText: (text: string) => void,
): void {
  useLayoutEffect(() => {
    if (target?.kind === 'edit' && editing.current !== target.messageId) {
      editing.current = target.messageId;
      setText(target.text);
      announce(translate()('composer.editing'));
    } else if (target?.kind !== 'edit' && editing.current !== null) {
      editing.current = null;
      setText(draftText(conversationId));
    }
    if (target?.kind === 'reply' && target.quoted) {
      const { isOwn, senderName } = target.quoted;
      const t = translate();
      announce(isOwn ? t('composer.replyingToYourself') : t('composer.replyingTo', { name: senderName }));
      keepDraft(conversationId, draftText(conversationId), target);
    }
  }, [conversationId, target, editing, setText]);

  const isUnresolved = target?.kind === 'reply' && target.quoted === null;
  const messageId = target?.messageId;
  useEffect(() => {
    if (!isUnresolved || messageId === undefined) return undefined;
    // The timeline opens beside the composer and holds the quoted message a moment later.
    const timer = setInterval(() => {
      const row = lookupOf(conversationId)?.find(messageId);
      if (row) setComposeTarget(conversationId, { kind: 'reply', messageId, quoted: quotedPart(row) });
    }, 200);
    return () => clearInterval(timer);
  }, [conversationId, isUnresolved, messageId]);
}
