/**
 * Import of a Slack export into an organisation. Owns the order of things, which makes it repeatable: people, then
 * conversations, then each conversation's days in the order of time, then pins, then the goodbye of those who had left.
 * Every write is an op under an id that follows from Slack's, so a run that was cut off anywhere is completed by running
 * it again, and a complete one adds nothing. Memory holds a day of one conversation, or a batch of quiet ones.
 */
import { must, type Result } from '@curlew/shared/lib/result.ts';
import {
  openZip,
  ZipError,
  type ZipArchive,
  type ZipLimits,
  type ZipProblem,
} from '../../infra/zip-archive.ts';
import type { AppendOp, Appended } from '../../repositories/append-queue.ts';
import type { ImportRepository } from '../../repositories/import-repository.ts';
import { beginning, pins, planConversations, type PlannedConversation } from './conversations.ts';
import {
  readList,
  slackConversationSchema,
  slackMessageSchema,
  slackUserSchema,
  type FileProblem,
  type SlackMessage,
} from './format.ts';
import { importIds, type ImportIds } from './ids.ts';
import { dayOps, peopleIn, withoutThread, type DayOps } from './messages.ts';
import { openPeople, type ImportedPerson, type People } from './people.ts';

/** Something of the export that was left out, and why; nothing of that file was written. */
export interface ImportProblem {
  readonly code: FileProblem['code'] | ZipProblem | 'LIST_MISSING' | 'REFUSED';
  readonly file: string;
  readonly detail?: string | undefined;
}

/** What an import did, or with `isDryRun` would do. */
export interface ImportReport {
  readonly isDryRun: boolean;
  /** stopped on request; running it again goes on */
  readonly isPaused: boolean;
  readonly people: readonly ImportedPerson[];
  readonly conversations: { readonly added: number; readonly present: number; readonly unreadable: number };
  readonly messages: { readonly added: number; readonly present: number; readonly skipped: number };
  /** edits, deletions, reactions and pins */
  readonly changes: { readonly added: number; readonly present: number };
  readonly problems: readonly ImportProblem[];
}

/** How far an import is. */
export interface ImportProgress {
  readonly files: number;
  readonly filesTotal: number;
  readonly messages: number;
}

/** What to import, and who hears of it. */
export interface ImportRequest {
  readonly zipPath: string;
  readonly orgId: string;
  readonly isDryRun: boolean;
  readonly onProgress: (progress: ImportProgress) => void;
  /** asked between batches */
  readonly isPaused: () => boolean;
}

/** What the import works with. */
export interface ImportParts {
  readonly repository: ImportRepository;
  /** Appends ops of one log in order; `asRead`: as history everybody has read. */
  readonly append: (ops: readonly AppendOp[], asRead: boolean) => Promise<readonly (Appended | undefined)[]>;
  /** Carries out what follows from people who left. */
  readonly settle: () => Promise<void>;
  readonly limits?: ZipLimits;
}

/** An export of a large workspace has a file a day and channel; a busy day has some megabytes. */
const defaultLimits: ZipLimits = { files: 2_000_000, fileBytes: 128 * 1024 ** 2, totalBytes: 64 * 1024 ** 3 };
/** Ops of one commit: enough that commits cost little, few enough that a pause comes soon. */
const BATCH_OPS = 400;

const lists = [
  { file: 'channels.json', kind: 'channel' },
  { file: 'groups.json', kind: 'group' },
  { file: 'mpims.json', kind: 'mpim' },
  { file: 'dms.json', kind: 'dm' },
] as const;

/** Thrown inside a run to end it where it is; everything committed stays. */
class Paused extends Error {}

/**
 * Runs an import.
 * @returns what was done; an error when the archive as a whole cannot be used, and then nothing was written
 * @throws Error when the database does not take an op that it should
 */
export async function importSlack(
  parts: ImportParts,
  request: ImportRequest,
): Promise<Result<ImportReport, ImportProblem>> {
  let zip: ZipArchive;
  try {
    zip = await openZip(request.zipPath, parts.limits ?? defaultLimits);
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    return { ok: false, error: { code: error.code, file: error.file ?? request.zipPath } };
  }
  try {
    const run = new Run(parts, request, zip);
    return await run.all();
  } finally {
    zip.close();
  }
}

class Run {
  readonly #parts: ImportParts;
  readonly #request: ImportRequest;
  readonly #zip: ZipArchive;
  /** Names inside the archive begin with it: some tools pack a folder, not its content. */
  readonly #root: string;
  readonly #problems: ImportProblem[] = [];
  readonly #counts = {
    conversations: { added: 0, present: 0, unreadable: 0 },
    messages: { added: 0, present: 0, skipped: 0 },
    changes: { added: 0, present: 0 },
  };
  #files = 0;

  constructor(parts: ImportParts, request: ImportRequest, zip: ZipArchive) {
    this.#parts = parts;
    this.#request = request;
    this.#zip = zip;
    this.#root =
      [...zip.files.keys()].find((name) => /^(?:[^/]+\/)?channels\.json$/u.test(name))?.slice(0, -13) ?? '';
  }

  async all(): Promise<Result<ImportReport, ImportProblem>> {
    const { orgId, isDryRun } = this.#request;
    const { repository } = this.#parts;
    // Everything depends on these lists, so they are read before anything is written.
    const usersFile = this.#has('users.json') ? 'users.json' : 'org_users.json';
    const users = await this.#list(usersFile, slackUserSchema);
    if (!users.ok) return users;
    const ids = importIds((await repository.secret(orgId, !isDryRun)) ?? '');
    const planned: PlannedConversation[] = [];
    for (const { file, kind } of lists) {
      if (!this.#has(file) && file !== 'channels.json') continue;
      const list = await this.#list(file, slackConversationSchema);
      if (!list.ok) return list;
      planned.push(...planConversations(kind, list.value, ids));
    }
    const people = await openPeople({
      orgId,
      ids,
      repository,
      isDryRun,
      append: (ops) => this.#mustAppend(ops, false).then(() => undefined),
    });
    let isPaused = false;
    try {
      await people.addUsers(users.value);
      await this.#conversations(planned, people, ids);
    } catch (error) {
      if (!(error instanceof Paused)) throw error;
      isPaused = true;
    }
    if (!isPaused && !isDryRun) {
      await people.letGo();
      await this.#parts.settle();
    }
    return {
      ok: true,
      value: { isDryRun, isPaused, people: [...people.all()], ...this.#counts, problems: this.#problems },
    };
  }

  async #conversations(
    planned: readonly PlannedConversation[],
    people: People,
    ids: ImportIds,
  ): Promise<void> {
    const { orgId, isDryRun } = this.#request;
    const { repository } = this.#parts;
    const present = await repository.conversations(planned.map(({ id }) => id));
    const members = await repository.members(orgId);
    const owners = [...members].flatMap(([id, { isActive, role }]) =>
      isActive && role === 'owner' ? [id] : [],
    );
    // All of them before the first message, while those who are to be let go are still members.
    for (const conversation of planned) {
      if (present.has(conversation.id)) this.#counts.conversations.present += 1;
      else await this.#begin(beginning(conversation, orgId, owners, people, ids));
    }
    const days = new Map(planned.map((conversation) => [conversation, this.#daysOf(conversation)]));
    const filesTotal = [...days.values()].reduce((sum, files) => sum + files.length, 0);
    const channelNames = new Map(planned.map(({ source }) => [source.id, source.name ?? undefined]));
    for (const [conversation, files] of days) {
      // Quiet days share a commit. Where a batch ends follows from the export alone, so a run that was cut off and one
      // that was not write the same log.
      let waiting: DayOps = { sends: [], changes: [], skipped: 0 };
      for (const file of files) {
        const day = await this.#day(file, conversation, people, ids, channelNames);
        waiting = {
          ...waiting,
          sends: [...waiting.sends, ...day.sends],
          changes: [...waiting.changes, ...day.changes],
        };
        this.#files += 1;
        if (waiting.sends.length + waiting.changes.length < BATCH_OPS) continue;
        await this.#write(file, waiting);
        waiting = { sends: [], changes: [], skipped: 0 };
        this.#request.onProgress({ files: this.#files, filesTotal, messages: this.#counts.messages.added });
      }
      await this.#write(files.at(-1) ?? '', waiting);
      this.#request.onProgress({ files: this.#files, filesTotal, messages: this.#counts.messages.added });
      if (!isDryRun)
        this.#count(this.#counts.changes, await this.#append(pins(conversation, people, ids), false));
    }
  }

  async #begin({ first, otherwise, isEmpty }: ReturnType<typeof beginning>): Promise<void> {
    this.#counts.conversations.added += 1;
    if (isEmpty) this.#counts.conversations.unreadable += 1;
    if (this.#request.isDryRun) return;
    const [answer] = await this.#mustAppend([first], false);
    // The two talk here already: what they said in Slack stands beside it, since history is only ever added at its end.
    if (otherwise && answer?.canonicalId !== undefined && answer.canonicalId !== first.logId)
      await this.#mustAppend([otherwise], false);
  }

  async #day(
    file: string,
    conversation: PlannedConversation,
    people: People,
    ids: ImportIds,
    channelNames: ReadonlyMap<string, string | undefined>,
  ): Promise<DayOps> {
    const read = await this.#list(file, slackMessageSchema);
    if (!read.ok) {
      this.#problems.push(read.error);
      return { sends: [], changes: [], skipped: 0 };
    }
    await people.addAuthors(peopleIn(read.value).values());
    const day = this.#ops(read.value, conversation, people, ids, channelNames);
    this.#counts.messages.skipped += day.skipped;
    return day;
  }

  /** What was said, then what was done to it. */
  async #write(file: string, { sends, changes }: DayOps): Promise<void> {
    await this.#writeOps(file, sends, this.#counts.messages);
    await this.#writeOps(file, changes, this.#counts.changes);
  }

  #ops(
    messages: readonly SlackMessage[],
    { source, id: conversationId }: PlannedConversation,
    people: People,
    ids: ImportIds,
    channelNames: ReadonlyMap<string, string | undefined>,
  ) {
    return dayOps(messages, {
      channelId: source.id,
      conversationId,
      ids,
      accountOf: (slackId) => people.find(slackId)?.accountId,
      names: {
        conversationId,
        person: (slackId) => {
          const person = people.find(slackId);
          return person && { id: person.accountId, name: person.name };
        },
        channel: (slackId) => channelNames.get(slackId),
      },
    });
  }

  /** Writes what is not there yet, in batches that each end with a chance to pause. */
  async #writeOps(
    file: string,
    ops: readonly AppendOp[],
    counts: { added: number; present: number },
  ): Promise<void> {
    for (let from = 0; from < ops.length; from += BATCH_OPS) {
      if (this.#request.isPaused()) throw new Paused();
      const batch = ops.slice(from, from + BATCH_OPS);
      const committed = await this.#parts.repository.committed(batch);
      const fresh = batch.filter(({ opId }) => !committed.has(opId));
      counts.present += batch.length - fresh.length;
      if (this.#request.isDryRun) {
        counts.added += fresh.length;
        continue;
      }
      const answers = await this.#append(fresh, true);
      // Replies to what the export does not hold stand in the conversation itself.
      const orphans = fresh.filter(
        ({ kind, body }, index) =>
          kind === 'message.send' &&
          body['threadRootId'] !== undefined &&
          answers[index]?.code === 'TARGET_MISSING',
      );
      const adopted = await this.#append(orphans.map(withoutThread), true);
      const others = answers.filter(
        (_, index) => !orphans.includes(must(fresh[index], 'an answer has its op')),
      );
      this.#count(counts, [...others, ...adopted], file);
    }
  }

  #count(counts: { added: number; present: number }, answers: readonly Appended[], file?: string): void {
    let refused = 0;
    for (const { code, duplicate, event } of answers) {
      if (code === 'OK' && event && !duplicate) counts.added += 1;
      // Said before by somebody else's id, changed since, or gone again: it is or was here.
      else if (code === 'OK' || code === 'ID_TAKEN' || code === 'OP_ID_REUSED' || code === 'TARGET_DELETED')
        counts.present += 1;
      else refused += 1;
    }
    if (refused > 0 && file !== undefined)
      this.#problems.push({ code: 'REFUSED', file, detail: String(refused) });
  }

  async #append(ops: readonly AppendOp[], asRead: boolean): Promise<readonly Appended[]> {
    if (ops.length === 0) return [];
    const answers = await this.#parts.append(ops, asRead);
    return ops.map((_, index) => {
      const answer = answers[index];
      if (!answer || answer.code === 'BUSY' || answer.code === 'MOVED' || answer.code === 'INTERNAL')
        throw new Error('The database did not take the messages. Run the import again to go on.');
      return answer;
    });
  }

  /** Appends what nothing can stand against. */
  async #mustAppend(ops: readonly AppendOp[], asRead: boolean): Promise<readonly Appended[]> {
    const answers: Appended[] = [];
    for (let from = 0; from < ops.length; from += BATCH_OPS)
      answers.push(...(await this.#append(ops.slice(from, from + BATCH_OPS), asRead)));
    const failed = answers.find(({ code }) => code !== 'OK' && code !== 'OP_ID_REUSED');
    if (failed) throw new Error(`The database refused what an import begins with (${failed.code}).`);
    return answers;
  }

  #has(file: string): boolean {
    return this.#zip.files.has(`${this.#root}${file}`);
  }

  /** The files of a conversation's days, in order. */
  #daysOf({ folders }: PlannedConversation): readonly string[] {
    for (const folder of folders) {
      const days = this.#folders().get(folder);
      if (days) return [...days].sort();
    }
    return [];
  }

  #byFolder: ReadonlyMap<string, string[]> | undefined;

  #folders(): ReadonlyMap<string, string[]> {
    if (this.#byFolder) return this.#byFolder;
    const byFolder = new Map<string, string[]>();
    for (const name of this.#zip.files.keys()) {
      const [, folder, day] =
        /^([^/]+)\/(\d{4}-\d{2}-\d{2}\.json)$/u.exec(name.slice(this.#root.length)) ?? [];
      if (!name.startsWith(this.#root) || folder === undefined || day === undefined) continue;
      byFolder.set(folder, [...(byFolder.get(folder) ?? []), `${folder}/${day}`]);
    }
    return (this.#byFolder = byFolder);
  }

  async #list<T>(
    file: string,
    schema: Parameters<typeof readList<T>>[1],
  ): Promise<Result<readonly T[], ImportProblem>> {
    if (!this.#has(file)) return { ok: false, error: { code: 'LIST_MISSING', file } };
    try {
      const read = readList(await this.#zip.read(`${this.#root}${file}`), schema);
      return read.ok ? read : { ok: false, error: { file, ...read.error } };
    } catch (error) {
      if (!(error instanceof ZipError)) throw error;
      return { ok: false, error: { code: error.code, file } };
    }
  }
}
