/**
 * `import-slack EXPORT.zip [--org ID_OR_NAME] [--dry-run]`: brings the people, conversations and messages of a Slack export
 * into an organisation. The server may be running. It speaks in other people's names, so only whoever runs the server may.
 */
import type { Database } from '../infra/database.ts';
import { createOrgRepository } from '../repositories/org-repository.ts';
import { importSlack, type ImportProblem, type ImportReport } from '../services/slack/import.ts';
import { openImport } from '../services/slack/open-import.ts';
import type { PersonFate } from '../services/slack/people.ts';
import type { Output } from './output.ts';

/** What was asked for. */
export interface ImportCommand {
  readonly file: string;
  readonly org: string | undefined;
  readonly isDryRun: boolean;
}

/** How often a line tells how far it is. */
const TELL_EVERY_MS = 2_000;

/** What is wrong with the archive or one of its files, as a sentence. */
const sentences: Readonly<Record<ImportProblem['code'], (file: string, detail: string) => string>> = {
  NOT_A_ZIP: (file) => `${file} is not a ZIP file, or only a part of one.`,
  NAME_UNSAFE: (file) => `${file} holds a file whose name leads out of the archive. Nothing was read.`,
  TOO_MANY_FILES: (file) => `${file} holds more files than any export has. Nothing was read.`,
  TOO_LARGE: (file) => `${file} unpacks to more than any export is. Nothing was read.`,
  FILE_TOO_LARGE: (file) => `${file} unpacks to more than any file of an export is. Nothing was read.`,
  DAMAGED: (file) => `${file} is damaged inside the archive. Nothing of it was imported.`,
  NOT_JSON: (file) => `${file} is not JSON. Nothing of it was imported.`,
  NOT_A_LIST: (file) => `${file} is not a list, as Slack writes it. Nothing of it was imported.`,
  ITEM_INVALID: (file, detail) =>
    `${file} has an entry that is not as Slack writes it (number ${detail}). Nothing of it was imported.`,
  LIST_MISSING: (file) => `The archive has no ${file}, so it is not a Slack export. Nothing was read.`,
  REFUSED: (file, detail) => `${file}: ${detail} could not be imported, because what they belong to is gone.`,
};

/** Runs the import. Answers whether all of it is in. */
export async function runImportSlack(
  database: Database,
  command: ImportCommand,
  output: Output,
): Promise<boolean> {
  const parts = openImport(database);
  const all = await database.prisma.org.findMany({
    select: { id: true, name: true },
    orderBy: { id: 'asc' },
  });
  const orgs = command.org === undefined ? all : await parts.repository.findOrgs(command.org);
  const [org] = orgs;
  if (!org || orgs.length > 1) {
    const list = (org ? orgs : all).map(({ id, name }) => `  ${id}  ${name}`).join('\n');
    output.say(
      org ? `Name the organization by its id:\n${list}` : `No such organization. There are:\n${list}`,
    );
    return false;
  }
  let isPaused = false;
  const pause = (): void => {
    isPaused = true;
    output.say('Stopping after this batch.');
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, pause);
  let toldMs = -TELL_EVERY_MS;
  const { file: zipPath, isDryRun } = command;
  const done = await importSlack(parts, {
    zipPath,
    orgId: org.id,
    isDryRun,
    isPaused: () => isPaused,
    onProgress: ({ files, filesTotal, messages }) => {
      if (performance.now() - toldMs < TELL_EVERY_MS && files < filesTotal) return;
      toldMs = performance.now();
      output.say(`${files} of ${filesTotal} files, ${messages} new messages`);
      output.tell({ event: 'import-progress', files, filesTotal, messages });
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, pause);
  if (!done.ok) {
    output.say(sentenceOf(done.error));
    output.tell({ event: 'import-slack', ok: false, problem: done.error });
    return false;
  }
  const report = done.value;
  if (!isDryRun) await note(database, org.id, report);
  say(report, org.name, output);
  const { conversations, messages, changes, problems, isPaused: isUnfinished } = report;
  output.tell({
    event: 'import-slack',
    ok: true,
    orgId: org.id,
    isDryRun,
    isPaused: isUnfinished,
    people: peopleByFate(report),
    conversations,
    messages,
    changes,
    problems,
  });
  return report.problems.length === 0 && !report.isPaused;
}

function note(database: Database, orgId: string, report: ImportReport): Promise<void> {
  const { messages, conversations, isPaused } = report;
  const detail = { messages: messages.added, conversations: conversations.added, isPaused };
  const line = { actorId: undefined, orgId, action: 'import.slack', detail };
  return createOrgRepository(database.prisma).audit(line);
}

function say(report: ImportReport, orgName: string, { say: tell }: Output): void {
  const { isDryRun, isPaused, conversations, messages, changes, problems } = report;
  const fates = peopleByFate(report);
  for (const { fate, name, email } of report.people) {
    if (fate === 'matched')
      tell(`  ${name} <${email}> is a member of ${orgName} already: their messages are theirs.`);
    if (fate === 'elsewhere')
      tell(
        `  ${name}: an account outside of ${orgName} has the address ${email}. It was left alone; their messages belong to an account without an address.`,
      );
  }
  for (const problem of problems) tell(`  ${sentenceOf(problem)}`);
  const verb = isDryRun ? 'Would import' : 'Imported';
  tell(
    `${verb} ${messages.added} messages, ${changes.added} edits and reactions and ${conversations.added} conversations into ${orgName}.`,
  );
  tell(
    `Already there: ${messages.present} messages, ${conversations.present} conversations. Left out: ${messages.skipped} comings, goings and empty messages.`,
  );
  tell(
    `People: ${fates.matched} were members, ${fates.imported + fates.elsewhere} have an account without a password now, ${fates.former} had left, ${fates.bot} are programs.`,
  );
  if (conversations.unreadable > 0)
    tell(`${conversations.unreadable} private conversations have nobody left in them; nobody can read them.`);
  if (fates.imported > 0 && !isDryRun)
    tell('reset-password EMAIL gives one of these people a first password; nobody else can sign in as them.');
  if (isPaused) tell('Stopped half-way. Run the same command again to go on.');
}

function peopleByFate({ people }: ImportReport): Readonly<Record<PersonFate, number>> {
  const counts = { matched: 0, imported: 0, elsewhere: 0, bot: 0, former: 0 };
  for (const { fate } of people) counts[fate] += 1;
  return counts;
}

/** What is wrong, in words. */
export function sentenceOf({ code, file, detail }: ImportProblem): string {
  return sentences[code](file, detail ?? '');
}
