/**
 * Ids of what an import makes. They follow from Slack's own and a secret of the organisation, which is what makes a second
 * run find everything the first one made, and lets nobody take such an id before.
 */
import { derivedUuid } from '@curlew/shared/lib/uuid.ts';

/** The ids of one organisation's import. */
export interface ImportIds {
  readonly person: (slackId: string) => string;
  readonly conversation: (slackId: string) => string;
  /** a message; `part`: which of several that Slack's one became, or what tells it from another of the same time */
  readonly message: (channelId: string, ts: string, part?: string) => string;
  /** an op that is no message: what it does, and to what */
  readonly op: (...what: readonly string[]) => string;
}

/** Makes the ids for the organisation with this secret. */
export function importIds(secret: string): ImportIds {
  const of = (...parts: readonly string[]): string => derivedUuid('slack', secret, ...parts);
  return {
    person: (slackId) => of('person', slackId),
    conversation: (slackId) => of('conversation', slackId),
    message: (channelId, ts, part = '') => of('message', channelId, ts, part),
    op: (...what) => of('op', ...what),
  };
}
