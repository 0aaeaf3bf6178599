/**
 * A group as large as they get, with everybody connected: what its events cost each member and the server. Owns the
 * scenes that are measured; who made the people and the server is the caller's business. Bytes are those of the
 * websockets, frames those of events, so that neither depends on how fast a machine is.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OP_VERSION, type OpResult } from '@curlew/shared/protocol/ops.ts';

/** Somebody of the crowd, signed in. */
export interface CrowdPerson {
  readonly userId: string;
  readonly deviceId: string;
  readonly token: string;
}

interface Asked {
  readonly by: number;
  readonly name: string;
  readonly payload: unknown;
}

/** What the process of the clients is told. */
export type CrowdCommand =
  | { readonly do: 'connect'; readonly url: string; readonly people: readonly CrowdPerson[] }
  | { readonly do: 'ask' | 'tell'; readonly asked: readonly Asked[] }
  | { readonly do: 'count' | 'reset' };

/** What it answers. */
export interface CrowdAnswer {
  readonly id: number;
  readonly value: unknown;
  readonly error?: string;
}

interface Count {
  readonly frames: Readonly<Record<string, number>>;
  readonly bytes: number;
}

/** What one scene cost. */
export interface SceneCost extends Count {
  readonly serverMs: number;
  readonly wallMs: number;
}

/** How much of each scene is played. */
export interface CrowdSize {
  readonly messages: number;
  /** people who leave and come back */
  readonly joins: number;
  /** people on whose screen the conversation is */
  readonly open: number;
  readonly typists: number;
  /** people who read at once */
  readonly readers: number;
}

/** Scene by scene. */
export type CrowdCosts = Readonly<
  Record<'created' | 'joined' | 'said' | 'saidToAll' | 'typed' | 'read' | 'readAtOnce', SceneCost>
>;

/** Nothing new for so long: a scene is over. Receipts are held back for up to 2 s. */
const QUIET_MS = 2_500;

class Crowd {
  readonly #process: ChildProcess;
  readonly #serverMs: () => number;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #next = 0;
  fences: readonly number[] = [];

  constructor(serverMs: () => number) {
    this.#serverMs = serverMs;
    this.#process = fork(join(import.meta.dirname, 'crowd-process.ts'), { execArgv: [] });
    this.#process.on('message', ({ id, value, error }: CrowdAnswer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(new Error(error));
    });
  }

  run<T>(command: CrowdCommand): Promise<T> {
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#process.send({ id, command });
    });
  }

  /** Each op as one of its own; they must all be accepted. */
  async submit(
    ops: readonly { readonly by: number; readonly op: { readonly logId: string } }[],
  ): Promise<void> {
    const asked = ops.map(({ by, op }) => ({
      by,
      name: 'ops:submit',
      payload: { fence: this.fences[by], lane: op.logId, ops: [op] },
    }));
    const answers = await this.run<{ ok: boolean; value?: { results: OpResult[] } }[]>({ do: 'ask', asked });
    const refused = answers.find((answer) => !answer.value?.results[0]?.ok);
    if (refused) throw new Error(`the server refused an op: ${JSON.stringify(refused)}`);
  }

  /** What happens until the clients hear nothing more. */
  async scene(play: () => Promise<unknown>): Promise<SceneCost> {
    await this.run({ do: 'reset' });
    const before = await this.run<Count>({ do: 'count' });
    const [startedAt, startedMs] = [performance.now(), this.#serverMs()];
    await play();
    let count = await this.run<Count>({ do: 'count' });
    let changedAt = performance.now();
    while (performance.now() - changedAt < QUIET_MS) {
      await sleep(100);
      const next = await this.run<Count>({ do: 'count' });
      // Answers to pings are no news, and a few bytes.
      if (sum(next.frames) !== sum(count.frames)) changedAt = performance.now();
      count = next;
    }
    return {
      frames: count.frames,
      bytes: count.bytes - before.bytes,
      serverMs: this.#serverMs() - startedMs,
      wallMs: changedAt - startedAt,
    };
  }

  stop(): void {
    this.#process.kill();
  }
}

/**
 * Plays every scene with these people in one group; the first of them makes it.
 * @param serverMs CPU time of the server so far
 * @throws Error when the server refuses anything of it
 */
export async function measureCrowd(
  {
    url,
    orgId,
    people,
    serverMs,
  }: {
    readonly url: string;
    readonly orgId: string;
    readonly people: readonly CrowdPerson[];
    readonly serverMs: () => number;
  },
  size: CrowdSize,
): Promise<CrowdCosts> {
  const crowd = new Crowd(serverMs);
  const logId = randomUUID();
  const op = (kind: string, fields: object) => ({
    opId: randomUUID(),
    v: OP_VERSION,
    logId,
    kind,
    ...fields,
  });
  const say = (by: number, mentions: readonly string[] = []) => ({
    by,
    op: op('message.send', {
      text: `${by}: ${'x'.repeat(90)}`,
      replyTo: null,
      composedAt: Date.now(),
      ...(mentions.length > 0 ? { mentions } : {}),
    }),
  });
  // Spread over the crowd; never its first, who owns the group.
  const some = (count: number): number[] =>
    Array.from({ length: count }, (_, index) => 1 + ((index * 7919) % (people.length - 1)));
  const onConversation = (by: number, name: string): Asked => ({
    by,
    name,
    payload: { conversationId: logId },
  });
  try {
    crowd.fences = await crowd.run<number[]>({ do: 'connect', url, people });
    const created = await crowd.scene(() =>
      crowd.submit([
        {
          by: 0,
          op: op('conversation.create', {
            orgId,
            conversationKind: 'group',
            protection: 'server',
            title: 'Everybody',
            memberIds: people.slice(1).map(({ userId }) => userId),
            history: 'all',
          }),
        },
      ]),
    );
    const joiners = some(size.joins).map((by) => people[by]?.userId);
    for (const userId of joiners) await crowd.submit([{ by: 0, op: op('member.remove', { userId }) }]);
    const joined = await crowd.scene(() =>
      crowd.submit(joiners.map((userId) => ({ by: 0, op: op('member.add', { userId, role: 'member' }) }))),
    );
    const speakers = some(size.messages);
    const said = await crowd.scene(async () => {
      for (const by of speakers) await crowd.submit([say(by)]);
    });
    const saidToAll = await crowd.scene(() => crowd.submit([say(0, [logId])]));
    await crowd.run({
      do: 'ask',
      asked: some(size.open).map((by) => onConversation(by, 'conversation:join')),
    });
    const typed = await crowd.scene(() =>
      crowd.run({ do: 'tell', asked: some(size.typists).map((by) => onConversation(by, 'typing:start')) }),
    );
    const seq = 1 + 2 * size.joins + size.messages + 1;
    const [reader = 0, ...readers] = some(size.readers + 1);
    const reads = (by: number) => ({ by, op: op('read.set', { seq }) });
    const read = await crowd.scene(() => crowd.submit([reads(reader)]));
    const readAtOnce = await crowd.scene(() => crowd.submit(readers.map(reads)));
    return { created, joined, said, saidToAll, typed, read, readAtOnce };
  } finally {
    crowd.stop();
  }
}

/** How many frames in all. */
export function sum(frames: Readonly<Record<string, number>>): number {
  return Object.values(frames).reduce((total, count) => total + count, 0);
}
