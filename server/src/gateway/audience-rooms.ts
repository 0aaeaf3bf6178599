/**
 * Rooms of audiences: everybody of an organisation, of one of its sites or units. Owns that such a room holds the sockets
 * of exactly the people an event was committed for, at the moment it is sent. The room follows the member list that came
 * with the commit, not the organisation's own, which may be a step ahead of it or behind: whoever moved is in it, or out
 * of it, before the first frame that their move decides about.
 */
import type { Audience } from '@curlew/shared/domain/message.ts';
import { socketsOf, type GatewayServer, type GatewaySocket } from './session.ts';

/** Audiences whose rooms are kept; the one used longest ago goes first. */
const KEPT = 500;

interface Room {
  /** As it came with the newest commit: the same list is known by looking at it once. */
  readonly list: readonly string[];
  readonly people: ReadonlySet<string>;
}

/** Name of an audience's room. */
export function audienceRoom(orgId: string, { scope, id }: Audience): string {
  return scope === 'org' ? `org:${orgId}` : `org:${orgId}:${scope}:${id}`;
}

/** See the head of this file. */
export class AudienceRooms {
  readonly #io: Pick<GatewayServer, 'to'>;
  readonly #rooms = new Map<string, Room>();

  constructor(io: Pick<GatewayServer, 'to'>) {
    this.#io = io;
  }

  /** A socket came: it enters every room its person is in. Runs in the turn in which it enters the person's own room. */
  connected(socket: Pick<GatewaySocket, 'join'>, userId: string): void {
    for (const [name, { people }] of this.#rooms) if (people.has(userId)) void socket.join(name);
  }

  /** The sockets of these people, who are the audience as of a commit; undefined for nobody. */
  to(
    orgId: string,
    audience: Audience,
    memberIds: readonly string[],
  ): ReturnType<GatewayServer['to']> | undefined {
    if (memberIds.length === 0) return undefined;
    const name = audienceRoom(orgId, audience);
    const before = this.#rooms.get(name);
    const room =
      before && isSame(before.list, memberIds) ? before : this.#follow(name, before?.people, memberIds);
    this.#rooms.delete(name);
    this.#rooms.set(name, room);
    this.#forgetOldest();
    return this.#io.to(name);
  }

  #follow(name: string, before: ReadonlySet<string> = new Set(), list: readonly string[]): Room {
    const people = new Set(list);
    socketsOf(
      this.#io,
      [...before].filter((id) => !people.has(id)),
    )?.socketsLeave(name);
    socketsOf(
      this.#io,
      list.filter((id) => !before.has(id)),
    )?.socketsJoin(name);
    return { list, people };
  }

  #forgetOldest(): void {
    const [oldest] = this.#rooms.keys();
    if (this.#rooms.size <= KEPT || oldest === undefined) return;
    this.#rooms.delete(oldest);
    this.#io.to(oldest).socketsLeave(oldest);
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id, at) => id === others[at]);
}
