/**
 * Two devices write in one place. Owns what becomes of each text: nothing a person wrote is lost, and which of two stays
 * is theirs to say. Runs inside the caller's transaction.
 *
 * A draft names how far its writer knew the account log (`asOf`). One that was written with sight of mine follows it and
 * takes its place. One that was not, or that meets words of mine the log does not hold, stands beside it until the
 * person has chosen; until then mine is not offered.
 */
import type { Draft } from '@curlew/shared/domain/entries.ts';
import type { ArrivedDraft, SaveDraftOptions } from '../store/store-types.ts';
import type { DraftRows, OwnDraft } from './drafts.ts';
import type { OpLedger } from './op-ledger.ts';

/** The account log told a draft. */
export function meetDraft(ledger: OpLedger, { place, draft, seq, opId }: ArrivedDraft): void {
  const { drafts } = ledger;
  const own = drafts.own(place);
  if (!own || seq <= own.baseSeq) return;
  if (own.seq === seq || (opId !== null && ledger.rows.isMine(opId))) return drafts.setDealtWith(place, seq);
  if (own.text === '') return meetCleared(drafts, own, draft, seq);
  const isUnseen = own.isDirty === 1 || own.seq === null || own.seq > seq;
  if (draft === null || draft.text === '') {
    // Sent or cleared on another device, without the words that are only here.
    drafts.dropOther(place);
    if (isUnseen) return drafts.setDealtWith(place, seq);
    drafts.keepCleared(place, own);
    return drafts.drop(place);
  }
  if (draft.text === own.text && draft.replyTo === own.replyTo) {
    drafts.dropOther(place);
    return drafts.setShared(place, seq);
  }
  drafts.setDealtWith(place, seq);
  if (own.text.includes(draft.text)) return drafts.setDiverging(place);
  if (isUnseen || (draft.asOf !== undefined && draft.asOf < (own.seq ?? 0))) {
    replaceOther(drafts, place, draft, seq);
    return drafts.setDiverging(place);
  }
  drafts.dropOther(place);
  if (isLoss(own.text, draft.text)) drafts.keepCleared(place, own);
  drafts.drop(place);
}

/** Keeps what a window wrote. A draft of another device that the window did not show yet stands beside it. */
export function saveDraft(
  ledger: OpLedger,
  place: string,
  conversationId: string,
  draft: Draft | null,
  { over, threadRootId }: SaveDraftOptions,
): void {
  const { drafts } = ledger;
  const own = drafts.own(place);
  const held = own ? undefined : ledger.cache.draft(place);
  const text = draft?.text ?? '';
  const isUnshown =
    held !== undefined && over !== undefined && held.draft.text !== '' && !isSame(held.draft, over);
  // What the window emptied is not what the other device wrote.
  if (isUnshown && text === '') return;
  const before = own ?? held?.draft;
  drafts.save(place, draft, held?.seq ?? 0, threadRootId === undefined ? null : conversationId);
  if (isUnshown) {
    if (!text.includes(held.draft.text)) drafts.setOther(place, held.draft, held.seq);
  } else if (before && isLoss(before.text, text)) drafts.keepCleared(place, before);
}

/**
 * A message was made of the draft, whether that was written here or came from another device: it must not outlive it.
 * Words that are not in the message can be brought back.
 */
export function clearDraft(ledger: OpLedger, place: string, conversationId: string, sentText: string): void {
  const { drafts } = ledger;
  const own = drafts.own(place);
  const held = own ? undefined : ledger.cache.draft(place);
  const before = own ?? held?.draft;
  if (!before) return;
  if (!sentText.includes(before.text.trim())) drafts.keepCleared(place, before);
  drafts.save(place, null, held?.seq ?? 0, place === conversationId ? null : conversationId);
}

/** The person chose between the own draft and that of another device. Returns what is the draft now. */
export function resolveDraft(ledger: OpLedger, place: string, useOther: boolean): Draft | null {
  const { drafts } = ledger;
  const other = drafts.other(place);
  const own = drafts.own(place);
  if (other) {
    drafts.dropOther(place);
    if (!useOther) drafts.keepCleared(place, other);
    else {
      if (own && !other.text.includes(own.text)) drafts.keepCleared(place, own);
      drafts.save(place, other, other.seq);
    }
  }
  return draftIn(ledger, place);
}

/** Brings back the draft that was cleared last; what stands there now can be brought back in turn. */
export function restoreDraft(ledger: OpLedger, place: string, conversationId: string): Draft | null {
  const { drafts } = ledger;
  const cleared = drafts.cleared(place);
  if (cleared) {
    const now = draftIn(ledger, place);
    drafts.dropKept(cleared.id);
    if (now && !cleared.text.includes(now.text)) drafts.keepCleared(place, now);
    const seq = ledger.cache.draft(place)?.seq ?? 0;
    drafts.save(place, cleared, seq, place === conversationId ? null : conversationId);
  }
  return draftIn(ledger, place);
}

/** What a crash kept from meeting: the cache holds a draft that came between an own one and its offer. */
export function meetHeldDraft(ledger: OpLedger, place: string): void {
  const held = ledger.cache.draft(place);
  if (held) meetDraft(ledger, { place, draft: held.draft, seq: held.seq, opId: null });
}

function meetCleared(drafts: DraftRows, own: OwnDraft, draft: Draft | null, seq: number): void {
  const { place } = own;
  const other = drafts.other(place);
  if (draft === null || draft.text === '') {
    drafts.dropOther(place);
    if (own.replyTo === null) drafts.drop(place);
    else drafts.setDealtWith(place, seq);
  } else if (other) {
    replaceOther(drafts, place, draft, seq);
    drafts.setDealtWith(place, seq);
  } else if (own.isDirty === 1) {
    // What was cleared here is not what was written there since.
    drafts.drop(place);
  } else drafts.setDealtWith(place, seq);
}

function replaceOther(drafts: DraftRows, place: string, draft: Draft, seq: number): void {
  const before = drafts.other(place);
  if (before && isLoss(before.text, draft.text)) drafts.keepCleared(place, before);
  drafts.setOther(place, draft, seq);
}

function draftIn(ledger: OpLedger, place: string): Draft | null {
  const draft = ledger.drafts.own(place) ?? ledger.cache.draft(place)?.draft;
  if (!draft || (draft.text === '' && draft.replyTo === null)) return null;
  return { text: draft.text, replyTo: draft.replyTo };
}

function isSame(a: Draft, b: Draft | null): boolean {
  return a.text === (b?.text ?? '') && a.replyTo === (b?.replyTo ?? null);
}

/** Whether less than half of a text is left in the one that takes its place. */
export function isLoss(before: string, after: string): boolean {
  if (before.trim() === '' || after.includes(before)) return false;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return start + end < before.length / 2;
}
