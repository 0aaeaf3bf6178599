/**
 * Export of conversations into a folder, as JSON and HTML. Owns what goes in: everything of an organisation or of one
 * conversation, or what one person may see. The layout is `shared/domain/export-pages.ts`. A page of messages is in memory
 * at a time; the index is written last, so a folder without one is not a whole export.
 */
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ConversationPages,
  englishExportTexts,
  exportFileName,
  indexPages,
  type ExportContext,
  type ExportPiece,
  type IndexedConversation,
} from '@curlew/shared/domain/export-pages.ts';
import type { Message } from '@curlew/shared/domain/message.ts';
import type { Interval } from '@curlew/shared/lib/intervals.ts';
import type { Pool } from 'pg';
import {
  findExportable,
  findNames,
  type ExportableConversation,
  type ExportSelection,
} from '../repositories/export-repository.ts';
import { readMessagesAfter } from '../repositories/message-repository.ts';
import { openConversation, type ReadableLog } from './log-access.ts';
import { MembershipCache } from './membership-cache.ts';
import { asVisible } from './visible-messages.ts';

/** What an export wrote. */
export interface ExportReport {
  readonly conversations: number;
  readonly messages: number;
}

/** Messages read at once. */
const PAGE = 1_000;

/** Whether a folder can take an export: it is not there yet, or empty. */
export async function isFreeFolder(dir: string): Promise<boolean> {
  try {
    return (await readdir(dir)).length === 0;
  } catch {
    return true; // not there, or not a folder: making it says so
  }
}

/**
 * Writes an export.
 * @param dir is made; only its owner can read it
 * @param onProgress hears of every page
 */
export async function exportConversations(
  pool: Pool,
  selection: ExportSelection,
  dir: string,
  nowMs: number,
  onProgress: (report: ExportReport) => void = () => undefined,
): Promise<ExportReport> {
  const conversations = await findExportable(pool, selection);
  const cache = new MembershipCache(pool);
  const names = new Map<string, ReadonlyMap<string, string>>();
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const index: IndexedConversation[] = [];
  let messages = 0;
  const contextOf = async (orgId: string): Promise<ExportContext> => {
    const known = names.get(orgId) ?? (await findNames(pool, orgId));
    names.set(orgId, known);
    return {
      texts: englishExportTexts,
      nameOf: (userId) => known.get(userId) ?? '',
      formatTime: (ms) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      exportedAtMs: nowMs,
    };
  };
  for (const conversation of conversations) {
    const readable =
      'userId' in selection ? await readableBy(pool, cache, selection.userId, conversation) : undefined;
    const ranges = readable?.ranges ?? [{ lo: 1, hi: Math.max(1, conversation.head) }];
    const context = await contextOf(conversation.orgId);
    const file = exportFileName(index.length, titleOf(conversation, context));
    const source = pagesOf(pool, conversation.id, ranges, readable);
    const entry = await writeConversation(join(dir, file), conversation, ranges, source, context, (count) =>
      onProgress({ conversations: index.length, messages: messages + count }),
    );
    messages += entry.count;
    index.push({ ...entry, file });
  }
  const pages = indexPages(index, await contextOf(conversations[0]?.orgId ?? ''));
  await writePiece(join(dir, 'index'), pages);
  return { conversations: index.length, messages };
}

/** What a person may see of a conversation they are or were in. */
async function readableBy(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  { id }: ExportableConversation,
): Promise<ReadableLog | undefined> {
  const opened = await openConversation(pool, cache, userId, id);
  return opened.ok ? opened.value : undefined;
}

async function* pagesOf(
  pool: Pool,
  id: string,
  ranges: readonly Interval[],
  readable: ReadableLog | undefined,
): AsyncGenerator<readonly Message[]> {
  for (const { lo, hi } of ranges) {
    for (let from = lo; from <= hi;) {
      const page = await readMessagesAfter(pool, id, { lo: from, hi }, PAGE);
      const last = page.at(-1);
      if (!last) break;
      yield readable ? await asVisible(pool, readable, page) : page;
      from = last.createSeq + 1;
    }
  }
}

async function writeConversation(
  path: string,
  conversation: ExportableConversation,
  ranges: readonly Interval[],
  source: AsyncGenerator<readonly Message[]>,
  context: ExportContext,
  onPage: (count: number) => void,
): Promise<Omit<IndexedConversation, 'file'>> {
  const { id, kind, memberIds } = conversation;
  const first = await source.next();
  const start = first.done ? undefined : first.value[0];
  const from = ranges[0]?.lo ?? 1;
  const exported = {
    id,
    kind,
    title: titleOf(conversation, context),
    members: memberIds.map((userId) => ({ id: userId, name: context.nameOf(userId) })),
    heldSinceMs: from > 1 ? start?.createdAt : null,
  };
  const pages = new ConversationPages(exported, ranges, context);
  const html = await open(`${path}.html`, 'wx', 0o600);
  const json = await open(`${path}.json`, 'wx', 0o600);
  const write = async (piece: ExportPiece): Promise<void> => {
    await html.writeFile(piece.html);
    await json.writeFile(piece.json);
  };
  try {
    await write(pages.begin());
    for (let page = first; !page.done; page = await source.next()) {
      await write(pages.messages(page.value));
      onPage(pages.count);
    }
    await write(pages.end());
  } finally {
    await html.close();
    await json.close();
  }
  return { ...exported, count: pages.count };
}

async function writePiece(path: string, piece: ExportPiece): Promise<void> {
  for (const ending of ['html', 'json'] as const) {
    const file = await open(`${path}.${ending}`, 'wx', 0o600);
    try {
      await file.writeFile(piece[ending]);
    } finally {
      await file.close();
    }
  }
}

function titleOf({ title, memberIds, id }: ExportableConversation, { nameOf }: ExportContext): string {
  return title ?? (memberIds.map(nameOf).join(', ') || id);
}
