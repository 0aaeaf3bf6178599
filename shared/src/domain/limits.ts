/**
 * Limits of the protocol. Owns every number a client must respect; the server quotes them in `hello` and in the
 * errors that name them, so that nobody has to guess why something was refused.
 */

/** Sizes in bytes unless the name says otherwise. */
export const limits = {
  /** Largest Socket.IO frame either side accepts. */
  frameBytes: 1_000_000,
  /** Largest message text, in UTF-8. */
  textBytes: 65_536,
  /** Largest single op as JSON. */
  opBytes: 131_072,
  /** Most ops in one `ops:submit`. */
  batchOps: 50,
  /** Largest `ops:submit` as JSON. */
  batchBytes: 524_288,
  /** Longest conversation title, in UTF-8. */
  titleBytes: 200,
  /** Most members of a group. */
  groupMembers: 5_000,
  /** Most people named when a conversation is created; the others are added one by one. */
  createMembers: 1_000,
  /** Most messages pinned in a conversation. */
  pins: 50,
  /** Most mentions in one message. */
  mentions: 50,
  /** Longest key of an item in another system, and of its system, in UTF-8. */
  linkKeyBytes: 200,
  /** Up to so many members everybody hears of everybody's receipts; above, of counts. */
  receiptMembers: 100,
  /** Newest messages of a conversation whose receipts are told as counts. */
  receiptCounts: 100,
  /** Most receipts of one page. */
  receiptsPage: 100,
  /** people named among those an announcement did not reach */
  reachNames: 100,
  /** Longest address, in UTF-8. */
  urlBytes: 2_000,
  /** Longest text of a link preview, in UTF-8. */
  previewBytes: 1_000,
  /** Most sites or units of one person. */
  placesPerPerson: 50,
  /** Longest display name, in UTF-8. */
  nameBytes: 200,
  /** Longest status text, in UTF-8. */
  statusBytes: 200,
  /** Most people one client may watch for presence. */
  presenceWatch: 200,
  /** Most events of one pull. */
  pullEvents: 1_000,
  /** Most messages of one history page. */
  historyMessages: 100,
  /** Most logs of one page of heads. */
  headsLogs: 1_000,
  /** Most threads with unread replies that a head names. */
  headThreads: 50,
  /** Most op ids of one status question. */
  statusOps: 200,
  /** Most edits of a message that are told. */
  pastTexts: 50,
  /** Most bots of an organisation. */
  botsPerOrg: 200,
  /** Most valid tokens of a bot, incoming webhooks with them. */
  tokensPerBot: 100,
  /** Most outgoing webhooks of a bot. */
  webhooksPerBot: 50,
  /** Most reactions of one person on one message. */
  reactionsPerPerson: 20,
} as const;

/** The limits as `hello` announces them. */
export type Limits = { readonly [name in keyof typeof limits]: number };
