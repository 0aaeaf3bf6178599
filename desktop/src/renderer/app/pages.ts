/**
 * The parts of the window that are not on its first screen, each a script of its own. What the first paint need not
 * wait for is loaded when the window has come to rest, so that opening any of them waits for nothing either.
 */
import { lazy } from 'react';
// Their styles come with the first: rules that come later would win over those of narrow windows.
import '../features/auth/auth.css';
import '../features/details/details.css';
import '../features/forward/forward.css';
import '../features/organization/organization.css';
import '../features/saved/saved-page.css';
import '../features/search/search.css';
import '../features/settings/settings.css';
import '../features/tour/tour.css';
import '../ui/field.css';
import '../ui/network-form.css';
import '../ui/page.css';
import '../ui/people-picker.css';
import '../ui/time-fields.css';
import './thread.css';

const loads = {
  settings: () => import('../features/settings/settings-page.tsx'),
  invitation: () => import('../features/organization/invitation-dialog.tsx'),
  organization: () => import('../features/organization/organization-section.tsx'),
  people: () => import('../features/people/people-page.tsx'),
  outbox: () => import('../features/outbox/outbox-page.tsx'),
  saved: () => import('../features/saved/saved-page.tsx'),
  forward: () => import('../features/forward/forward-dialog.tsx'),
  search: () => import('../features/search/search-pane.tsx'),
  switcher: () => import('../features/switcher/switcher.tsx'),
  newConversation: () => import('../features/new-conversation/new-conversation.tsx'),
  details: () => import('../features/details/details-pane.tsx'),
  thread: () => import('./thread-pane.tsx'),
  tour: () => import('../features/tour/tour.tsx'),
  auth: () => import('../features/auth/auth-screen.tsx'),
} as const;

/** Settings. */
export const SettingsPage = lazy(async () => ({ default: (await loads.settings()).SettingsPage }));
/** The organization's page of the settings. */
export const OrganizationSection = lazy(async () => ({
  default: (await loads.organization()).OrganizationSection,
}));
/** What an invitation leads to. */
export const InvitationDialog = lazy(async () => ({ default: (await loads.invitation()).InvitationDialog }));
/** People. */
export const PeoplePage = lazy(async () => ({ default: (await loads.people()).PeoplePage }));
/** The outbox. */
export const OutboxPage = lazy(async () => ({ default: (await loads.outbox()).OutboxPage }));
/** Saved messages. */
export const SavedPage = lazy(async () => ({ default: (await loads.saved()).SavedPage }));
/** The dialog that passes a message on. */
export const ForwardDialog = lazy(async () => ({ default: (await loads.forward()).ForwardDialog }));
/** Hits of a search, in place of the list. */
export const SearchPane = lazy(async () => ({ default: (await loads.search()).SearchPane }));
/** The quick switcher. */
export const Switcher = lazy(async () => ({ default: (await loads.switcher()).Switcher }));
/** The dialog of a new conversation. */
export const NewConversation = lazy(async () => ({
  default: (await loads.newConversation()).NewConversation,
}));
/** Details of a conversation. */
export const DetailsPane = lazy(async () => ({ default: (await loads.details()).DetailsPane }));
/** A thread beside its conversation. */
export const ThreadPane = lazy(async () => ({ default: (await loads.thread()).ThreadPane }));
/** The tour of the first minutes. */
export const Tour = lazy(async () => ({ default: (await loads.tour()).Tour }));
/** Sign-in. */
export const AuthScreen = lazy(async () => ({ default: (await loads.auth()).AuthScreen }));

/** Loads all of them, one after the other, each when nothing else is to do. */
export function loadPagesWhenIdle(): void {
  const waiting = Object.values(loads);
  const next = () => {
    const load = waiting.shift();
    // What cannot be loaded says so where it is needed.
    if (load) void load().then(schedule, schedule);
  };
  const schedule = () => requestIdleCallback(next, { timeout: 2000 });
  schedule();
}
