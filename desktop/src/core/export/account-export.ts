/**
 * An export of what this device holds: a folder of HTML and JSON, one of each a conversation, and an index that comes last.
 * Owns the order of things and that it never holds the core's thread: a step reads a page and writes it. Works without a
 * network, since it reads the cache alone; the layout is `shared/domain/export-pages.ts`.
 */
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ConversationPages,
  exportFileName,
  indexPages,
  type ExportContext,
  type ExportedConversation,
  type ExportPiece,
  type ExportTexts,
  type IndexedConversation,
} from '@curlew/shared/domain/export-pages.ts';
import type { AccountReads } from '../store/views/account-reads.ts';
import type { ExportReads } from './export-reads.ts';

/** How far an export is, in positions of logs; `folder` once it is whole. */
export interface ExportProgress {
  readonly done: number;
  readonly total: number;
  readonly messages: number;
  readonly folder: string | null;
}

/** What an export is made of. */
export interface ExportParts {
  readonly reads: AccountReads;
  readonly messages: ExportReads;
  readonly texts: ExportTexts;
  readonly folder: string;
  /** null: all conversations */
  readonly conversationId: string | null;
  readonly nowMs: number;
  readonly nameOf: (conversationId: string) => string | null;
}

/** Messages of one step: some milliseconds of reading and writing. */
const PAGE = 250;

interface Current {
  readonly conversation: ExportedConversation;
  readonly pages: ConversationPages;
  readonly file: string;
  readonly tail: number;
  seq: number;
}

/** See the head of this file. */
export class AccountExport {
  readonly #parts: ExportParts;
  readonly #context: ExportContext;
  readonly #waiting: { readonly id: string; readonly tail: number }[];
  readonly #index: IndexedConversation[] = [];
  readonly #total: number;
  #current: Current | null = null;
  #before = 0;
  #messages = 0;
  #folder: string | null = null;
  /** Steps are taken one after the other, however they are asked for. */
  #turn: Promise<unknown> = Promise.resolve();
  #isCancelled = false;

  constructor(parts: ExportParts) {
    this.#parts = parts;
    const { reads, texts, nowMs, conversationId } = parts;
    const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
    this.#context = {
      texts,
      nameOf: (userId) => reads.people.nameOf(userId),
      formatTime: (ms) => format.format(ms),
      exportedAtMs: nowMs,
    };
    const ids = conversationId === null ? reads.cache.logs().map(({ id }) => id) : [conversationId];
    this.#waiting = ids.map((id) => ({ id, tail: reads.cache.tail(id) }));
    this.#total = this.#waiting.reduce((sum, { tail }) => sum + tail, 0);
  }

  /** Writes a little more; rejects when the disk does not take it. */
  step(): Promise<ExportProgress> {
    const turn = this.#turn.then(() => this.#step());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Ends it and removes what was written. */
  async cancel(): Promise<void> {
    this.#isCancelled = true;
    await this.#turn;
    await rm(this.#parts.folder, { recursive: true, force: true });
  }

  async #step(): Promise<ExportProgress> {
    if (!this.#isCancelled && this.#folder === null) {
      if (this.#current) await this.#page(this.#current);
      else if (this.#waiting.length > 0) await this.#begin();
      else await this.#finish();
    }
    const done = this.#before + Math.min(this.#current?.seq ?? 0, this.#current?.tail ?? 0);
    return { done, total: this.#total, messages: this.#messages, folder: this.#folder };
  }

  async #begin(): Promise<void> {
    const next = this.#waiting.shift();
    if (!next) return;
    const { id, tail } = next;
    const { reads, nameOf, texts } = this.#parts;
    const heldSinceMs = reads.cache.heldSinceMs(id);
    const members = reads.cache.members(id).filter(({ leftSeq }) => leftSeq === null);
    const conversation: ExportedConversation = {
      id,
      kind: reads.cache.conversation(id)?.kind ?? 'direct',
      title: nameOf(id) ?? texts.unknownPerson,
      members: members.map(({ userId }) => ({ id: userId, name: reads.people.nameOf(userId) })),
      heldSinceMs: heldSinceMs === Number.MAX_SAFE_INTEGER ? undefined : heldSinceMs,
    };
    const pages = new ConversationPages(conversation, reads.cache.coverage(id), this.#context);
    const file = exportFileName(this.#index.length, conversation.title);
    await this.#write(file, pages.begin());
    this.#current = { conversation, pages, file, tail, seq: 0 };
  }

  async #page(current: Current): Promise<void> {
    const { conversation, pages, file, tail } = current;
    const { hidden, shown } = this.#parts.reads.entries.pendingHidden(conversation.id);
    const page = this.#parts.messages.after(conversation.id, current.seq, PAGE, shown);
    const visible = page.filter(({ id }) => !hidden.has(id));
    await this.#write(file, pages.messages(visible));
    this.#messages += visible.length;
    const last = page.at(-1);
    if (last && page.length === PAGE && last.createSeq < tail) {
      current.seq = last.createSeq;
      return;
    }
    await this.#write(file, pages.end());
    this.#index.push({ ...conversation, file, count: pages.count });
    this.#before += tail;
    this.#current = null;
  }

  async #finish(): Promise<void> {
    await this.#write('index', indexPages(this.#index, this.#context));
    this.#folder = this.#parts.folder;
  }

  async #write(file: string, { html, json }: ExportPiece): Promise<void> {
    const path = join(this.#parts.folder, file);
    await appendFile(`${path}.html`, html, { mode: 0o600 });
    await appendFile(`${path}.json`, json, { mode: 0o600 });
  }
}
