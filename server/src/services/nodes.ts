/**
 * The nodes of one server: what they tell each other, and whose people are online where. A commit is told once and every
 * node sends it to its own sockets, so that rooms, watchers and chosen states follow on all of them. Promises that
 * nothing of this node waits for another, and that the people of a node that vanished without a word leave the presence
 * after `SILENT_MS` and one beat at the latest: a lost word shows in the next one's number, and is asked for.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { NodeLink } from '../infra/node-link.ts';
import type { PresenceBook } from './presence.ts';
import type { FanOut } from './service-types.ts';
import type { TypingAudience } from './typing.ts';

/** How often a node says that it is there. */
const BEAT_MS = 5_000;
/** How long a node may say nothing. */
const SILENT_MS = 25_000;

const id = z.uuid();
const count = z.int().min(0);
/** The nodes are one program: what one of them committed needs no second look, only the right kind. */
const trusted = <T extends object>() =>
  z.custom<T>((value) => typeof value === 'object' && value !== null, 'an object');

/** What a node's sockets are to be told, or lose. */
const wordSchemas = [
  z.object({ kind: z.literal('committed'), fanOuts: z.array(trusted<FanOut>()) }),
  z.object({ kind: z.literal('hint'), userId: id, about: z.literal('device') }),
  z.object({
    kind: z.literal('typing'),
    event: z.enum(['typing:start', 'typing:stop']),
    userId: id,
    conversationId: id,
    audience: trusted<TypingAudience>(),
  }),
  /** A device said hello elsewhere: its sockets with an older fence are of the past. */
  z.object({ kind: z.literal('fenced'), deviceId: id, fence: count }),
] as const;
/** `version` counts a node's changes of who is online. */
const wordSchema = z.discriminatedUnion('kind', [
  ...wordSchemas,
  z.object({ kind: z.literal('beat'), version: count }),
  z.object({ kind: z.enum(['came', 'went']), version: count, userId: id }),
  z.object({ kind: z.literal('people'), version: count, userIds: z.array(id) }),
  /** Asks for `people`: one node, or (without) all of them. */
  z.object({ kind: z.literal('who'), of: id.optional() }),
  z.object({ kind: z.literal('bye') }),
]);
const messageSchema = z.object({ from: id, word: wordSchema });

/** What the gateway of another node said. */
export type NodeWord = z.output<(typeof wordSchemas)[number]>;
type Word = z.output<typeof wordSchema>;

/** See the file's head. */
export interface Nodes {
  /** Tells the other nodes. */
  readonly say: (word: NodeWord) => void;
  /** A socket of a person opened here. */
  readonly came: (userId: string) => void;
  /** A socket of a person closed here. */
  readonly went: (userId: string) => void;
  readonly stop: () => Promise<void>;
}

interface OtherNode {
  heardAtMs: number;
  /** of what is known of its people; -1: nothing */
  version: number;
  isAsked: boolean;
  people: Set<string>;
}

/**
 * Joins the nodes; without a link this is the only one.
 * @param parts `hear`: something another node said; `onFailure`: a word that could not be understood or followed
 */
export function createNodes(parts: {
  readonly link: NodeLink | undefined;
  readonly presence: Pick<PresenceBook, 'connected' | 'disconnected'>;
  readonly hear: (word: NodeWord) => void;
  readonly onFailure: (error: unknown) => void;
}): Nodes {
  const { link, presence, hear, onFailure } = parts;
  const nodeId = randomUUID();
  /** Sockets of each person here. */
  const sockets = new Map<string, number>();
  const others = new Map<string, OtherNode>();
  let version = 0;

  const tell = (word: Word): void => {
    if (link?.isUp() === true) link.say(JSON.stringify({ from: nodeId, word }));
  };
  const nodeOf = (from: string): OtherNode => {
    const known = others.get(from) ?? { heardAtMs: 0, version: -1, isAsked: false, people: new Set() };
    others.set(from, known);
    return known;
  };
  const ask = (from: string, node: OtherNode): void => {
    if (node.isAsked) return;
    node.isAsked = true;
    tell({ kind: 'who', of: from });
  };
  const hold = (node: OtherNode, people: Set<string>): void => {
    const before = node.people;
    node.people = people;
    for (const userId of people) if (!before.has(userId)) presence.connected(userId);
    for (const userId of before) if (!people.has(userId)) presence.disconnected(userId);
  };
  const forget = (from: string): void => {
    const node = others.get(from);
    others.delete(from);
    if (node) hold(node, new Set());
  };

  const moved = (from: string, node: OtherNode, word: Extract<Word, { kind: 'came' | 'went' }>): void => {
    if (word.version !== node.version + 1) {
      if (word.version > node.version) ask(from, node);
      return;
    }
    node.version = word.version;
    const people = new Set(node.people);
    if (word.kind === 'came') people.add(word.userId);
    else people.delete(word.userId);
    hold(node, people);
  };

  const follow = (from: string, word: Word): void => {
    if (word.kind === 'bye') return forget(from);
    const node = nodeOf(from);
    node.heardAtMs = performance.now();
    switch (word.kind) {
      case 'beat':
        // What was asked for and never came is asked for again.
        node.isAsked = false;
        if (word.version !== node.version) ask(from, node);
        return;
      case 'came':
      case 'went':
        return moved(from, node, word);
      case 'people':
        node.isAsked = false;
        node.version = word.version;
        return hold(node, new Set(word.userIds));
      case 'who':
        if (word.of === undefined || word.of === nodeId) {
          tell({ kind: 'people', version, userIds: [...sockets.keys()] });
        }
        return;
      default:
        return hear(word);
    }
  };

  const beat = (): void => {
    tell({ kind: 'beat', version });
    const longAgo = performance.now() - SILENT_MS;
    for (const [from, node] of others) if (node.heardAtMs < longAgo) forget(from);
  };
  const timer = link && setInterval(beat, BEAT_MS).unref();

  link?.listen(
    (text) => {
      try {
        const { from, word } = messageSchema.parse(JSON.parse(text));
        if (from !== nodeId) follow(from, word);
      } catch (error) {
        onFailure(error);
      }
    },
    () => {
      tell({ kind: 'who' });
      tell({ kind: 'people', version, userIds: [...sockets.keys()] });
    },
  );

  return {
    say: tell,
    came: (userId) => {
      presence.connected(userId);
      const before = sockets.get(userId) ?? 0;
      sockets.set(userId, before + 1);
      if (before > 0) return;
      version += 1;
      tell({ kind: 'came', version, userId });
    },
    went: (userId) => {
      presence.disconnected(userId);
      const left = (sockets.get(userId) ?? 1) - 1;
      if (left > 0) {
        sockets.set(userId, left);
        return;
      }
      sockets.delete(userId);
      version += 1;
      tell({ kind: 'went', version, userId });
    },
    stop: async () => {
      clearInterval(timer);
      tell({ kind: 'bye' });
      await link?.close();
    },
  };
}
