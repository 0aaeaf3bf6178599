/**
 * Every view the core serves, by name. Owns that list: a view without a line here does not compile. Preferences and
 * About belong to the main process, which answers them itself.
 */
import { viewParams, type ViewName, type ViewParams } from '../../../ipc/views.ts';
import type { AccountReads } from './account-reads.ts';
import { conversationView } from './conversation-view.ts';
import { conversationsView } from './conversations-view.ts';
import { listFiltersView } from './list-filters-view.ts';
import { notificationRulesView } from './notification-rules-view.ts';
import { organizationView } from './organization-view.ts';
import { outboxView } from './outbox-view.ts';
import { peopleView, switcherView } from './people-views.ts';
import { savedView } from './saved-view.ts';
import { accountView, connectionView, devicesView, sessionView, typingView } from './session-views.ts';
import { scheduledView } from './scheduled-view.ts';
import { threadView } from './thread-view.ts';
import { timelineView, type HistoryRequests } from './timeline-view.ts';
import type { LiveView } from './view.ts';
import type { VolatileState } from './volatile-state.ts';

/** What a view may read. */
export interface ViewContext {
  /** Null while nobody is signed in. */
  readonly reads: AccountReads | null;
  readonly volatile: VolatileState;
  readonly history: HistoryRequests;
}

/** Views the core serves. */
export type CoreViewName = Exclude<
  ViewName,
  'preferences' | 'about' | 'updates' | 'accounts' | 'network' | 'spelling'
>;

type Factories = {
  readonly [V in CoreViewName]: (params: ViewParams<V>, context: ViewContext) => LiveView<V>;
};

const factories: Factories = {
  session: (_, { volatile, reads }) => sessionView(volatile, reads),
  connection: (_, { volatile, reads }) => connectionView(volatile, reads),
  conversations: (params, { reads, volatile }) => conversationsView(params, reads, volatile),
  listFilters: (params, { reads }) => listFiltersView(params, reads),
  conversation: (params, { reads, volatile }) => conversationView(params, reads, volatile),
  timeline: (params, { reads, volatile, history }) => timelineView(params, reads, volatile, history),
  thread: (params, { reads }) => threadView(params, reads),
  typing: (params, { reads, volatile }) => typingView(params, volatile, reads),
  outbox: (_, { reads }) => outboxView(reads),
  scheduled: (params, { reads }) => scheduledView(params, reads),
  saved: (params, { reads }) => savedView(params, reads),
  people: (params, { reads, volatile }) => peopleView(params, reads, volatile),
  organization: (params, { reads }) => organizationView(params, reads),
  switcher: (params, { reads, volatile }) => switcherView(params, reads, volatile),
  account: (_, { reads }) => accountView(reads),
  notificationRules: (_, { reads }) => notificationRulesView(reads),
  devices: (_, { volatile }) => devicesView(volatile),
};

/** Makes a view again for another context, with the parameters it was opened with. */
export type ViewOpener = (context: ViewContext) => LiveView;

/**
 * Checks the parameters of a view.
 * @returns how to open it, or undefined when the core does not serve it or the parameters are not its own
 */
export function viewOpener(name: ViewName, params: unknown): ViewOpener | undefined {
  return name in factories ? opener(name as CoreViewName, params) : undefined;
}

function opener<V extends CoreViewName>(name: V, params: unknown): ViewOpener | undefined {
  const parsed = viewParams[name].safeParse(params);
  if (!parsed.success) return undefined;
  // The schema of this very name produced the parameters; TypeScript cannot follow the pairing through the lookup.
  const checked = parsed.data as ViewParams<V>;
  return (context) => factories[name](checked, context);
}
