/** What of a window comes back after a restart, and what of a damaged or foreign note does not. */
import { beforeEach, expect, it } from 'vitest';
import { installWorld } from '../preview/render.tsx';
import { fakeId } from '../preview/world.ts';
import { chooseInList, listChoices, noChoice } from './list-choice.ts';
import {
  navigation,
  openConversation,
  resetNavigation,
  showSection,
  showSettings,
  showThread,
  toggleDetails,
} from './navigation.ts';
import { keepPlace, leaveIfRestored, restorePlace } from './remembered.ts';
import { chooseOrg, choosePlace, resetScope, scope } from './scope.ts';

const [account, other] = [fakeId(6, 1), fakeId(6, 2)] as const;

beforeEach(() => void installWorld());

/** The window ends, and one of this account opens. */
function restart(accountId: string): void {
  resetNavigation();
  resetScope();
  restorePlace(accountId);
}

it('brings back section, organization, place and filters, of this account only', () => {
  const stop = keepPlace(account);
  showSection('linked');
  chooseOrg(fakeId(5, 2));
  choosePlace(fakeId(9, 1));
  const choice = { tab: 'unread', kinds: ['group'], placeIds: [fakeId(9, 2)], hasDraft: true } as const;
  chooseInList('chats', choice);
  stop();
  restart(other);
  expect(navigation.get().section).toBe('chats');
  expect(scope.get()).toMatchObject({ chosenId: null, placeId: null });
  restart(account);
  expect(navigation.get().section).toBe('linked');
  expect(scope.get()).toMatchObject({ chosenId: fakeId(5, 2), placeId: fakeId(9, 1) });
  expect(listChoices.get()).toEqual({ chats: choice, linked: noChoice, announcements: noChoice });
});

it('opens the conversation again with its details, never with a thread', () => {
  let stop = keepPlace(account);
  openConversation(fakeId(2, 1));
  toggleDetails(true);
  stop();
  restart(account);
  expect(navigation.get()).toMatchObject({ conversationId: fakeId(2, 1), isDetailsOpen: true });
  stop = keepPlace(account);
  openConversation(fakeId(2, 2));
  showThread(fakeId(3, 1));
  stop();
  restart(account);
  expect(navigation.get()).toMatchObject({
    conversationId: fakeId(2, 2),
    isDetailsOpen: false,
    threadRootId: null,
  });
});

it('closes a conversation that is gone only if nobody asked for it', () => {
  const stop = keepPlace(account);
  openConversation(fakeId(2, 1));
  stop();
  restart(account);
  openConversation(fakeId(2, 2));
  leaveIfRestored(fakeId(2, 2));
  expect(navigation.get().conversationId).toBe(fakeId(2, 2));
  restart(account);
  leaveIfRestored(fakeId(2, 1));
  expect(navigation.get().conversationId).toBeNull();
});

it('leaves Settings behind, and every filter by place with the organization', () => {
  const stop = keepPlace(account);
  chooseInList('chats', { placeIds: [fakeId(9, 2)], hasDraft: true });
  choosePlace(fakeId(9, 1));
  expect(listChoices.get().chats).toMatchObject({ placeIds: [], hasDraft: true });
  chooseOrg(fakeId(5, 2));
  expect(scope.get().placeId).toBeNull();
  showSettings('account');
  stop();
  restart(account);
  expect(navigation.get().section).toBe('chats');
});

it.each([
  '',
  '{',
  '7',
  'null',
  '{"section":"settings","conversationId":"../x","hasDetails":true,"placeId":7,"lists":{"chats":{"tab":"x","kinds":"all"}}}',
])('takes nothing from the note %j', (note) => {
  localStorage.setItem(`curlew.place.${account}`, note);
  restart(account);
  expect(navigation.get().section).toBe('chats');
  expect(navigation.get()).toMatchObject({ conversationId: null, isDetailsOpen: false });
  expect(scope.get().placeId).toBeNull();
  expect(listChoices.get().chats).toEqual(noChoice);
});
