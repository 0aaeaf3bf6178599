/**
 * What of a window comes back after a restart: the section, the open conversation and its details, the organisation with
 * its site or unit, and the filters of the lists. Kept on this device for each account; what cannot be read counts as
 * nothing. A conversation opens as on any day, at its unread divider or end; that it is read still takes a focused window.
 */
import { keepHabit, readHabit } from './habits.ts';
import { listChoices, noChoice, type ListChoice, type ListKind, type ListTab } from './list-choice.ts';
import { navigation, type Section } from './navigation.ts';
import { scope } from './scope.ts';

const sections: readonly Section[] = ['chats', 'linked', 'announcements', 'people', 'outbox', 'saved'];
const tabs: readonly ListTab[] = ['all', 'unread', 'mentions', 'archived'];
const kinds: readonly ListKind[] = ['direct', 'group', 'linked', 'announcement'];

/** The conversation that opened by itself. Nobody asked for it, so it goes without a word when there is none. */
let restoredId: string | null = null;

const keyOf = (accountId: string): string => `curlew.place.${accountId}`;

/** Brings back what the account's window showed last. */
export function restorePlace(accountId: string): void {
  const kept = record(parsed(readHabit(keyOf(accountId))));
  if (!kept) return;
  const section = sections.find((one) => one === kept['section']);
  if (section) navigation.set((now) => ({ ...now, section }));
  restoredId = idOf(kept['conversationId']);
  if (restoredId !== null) {
    const conversationId = restoredId;
    navigation.set((now) => ({ ...now, conversationId, isDetailsOpen: kept['hasDetails'] === true }));
  }
  const [chosenId, placeId] = [idOf(kept['orgId']), idOf(kept['placeId'])];
  scope.set((now) => ({ ...now, chosenId, placeId }));
  const choices = record(kept['lists']);
  listChoices.set(() => ({
    chats: choiceOf(choices?.['chats']),
    linked: choiceOf(choices?.['linked']),
    announcements: choiceOf(choices?.['announcements']),
  }));
}

/** Keeps what the window shows from now on. @returns stops it */
export function keepPlace(accountId: string): () => void {
  const keep = (): void => {
    const { section, conversationId, isDetailsOpen, threadRootId } = navigation.get();
    const { chosenId: orgId, placeId } = scope.get();
    // Settings is left, not lived in.
    const lived = section === 'settings' ? 'chats' : section;
    // A thread in the place of the details would count as read at the next start.
    const hasDetails = isDetailsOpen && threadRootId === null;
    const lists = listChoices.get();
    const place = { section: lived, conversationId, hasDetails, orgId, placeId, lists };
    keepHabit(keyOf(accountId), JSON.stringify(place));
  };
  const stops = [navigation.subscribe(keep), scope.subscribe(keep), listChoices.subscribe(keep)];
  return () => stops.forEach((stop) => stop());
}

/** Closes a conversation that does not exist (any more) if it was opened by {@link restorePlace}: back to the list. */
export function leaveIfRestored(conversationId: string): void {
  if (conversationId !== restoredId) return;
  restoredId = null;
  navigation.set((now) =>
    now.conversationId === conversationId ? { ...now, conversationId: null, isDetailsOpen: false } : now,
  );
}

function choiceOf(value: unknown): ListChoice {
  const kept = record(value);
  if (!kept) return noChoice;
  return {
    tab: tabs.find((tab) => tab === kept['tab']) ?? noChoice.tab,
    kinds: kinds.filter((kind) => listOf(kept['kinds']).includes(kind)),
    placeIds: listOf(kept['placeIds']).flatMap((id) => idOf(id) ?? []),
    hasDraft: kept['hasDraft'] === true,
  };
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(value)
    ? value
    : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null ? { ...value } : null;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
