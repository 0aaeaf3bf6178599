/**
 * Conversations as files that anything can open: JSON for programs, HTML for people. Owns the layout of both, and that no
 * text of a person can become markup: every value goes through {@link markup}, which escapes what is not markup of this file.
 * Addresses stay text, so nothing in a page can be followed anywhere but inside the export. Made piece by piece, so that a
 * conversation of any length is written with a page of it in memory.
 */
import { z } from 'zod';
import type { Interval, IntervalSet } from '../lib/intervals.ts';
import type { Message } from './message.ts';
import type { Notice } from './notices.ts';

const words = z.string().max(500);

/** The words of a page, in the language of whoever exports. `{…}` stands for what is put in. */
export const exportTextsSchema = z.strictObject({
  /** the whole export */
  title: words,
  /** `{date}` */
  exportedAt: words,
  /** everything there is */
  whole: words,
  /** this device holds nothing before `{date}` */
  heldSince: words,
  /** this device holds nothing of it */
  heldNothing: words,
  /** between two messages some are not held */
  gap: words,
  /** `{count}` */
  messages: words,
  deleted: words,
  edited: words,
  reply: words,
  unknownPerson: words,
  back: words,
  /** what became of a conversation, by kind of notice; `{name}` did it, `{other}` it was done to, or what it is now */
  notices: z.strictObject({
    title: words,
    pin: words,
    status: words,
    closed: words,
    ttl: words,
    joined: words,
    left: words,
    role: words,
  }),
});
/** See {@link exportTextsSchema}. */
export type ExportTexts = z.infer<typeof exportTextsSchema>;

/** The same in English, for who exports without an app. */
export const englishExportTexts: ExportTexts = {
  title: 'Messages',
  exportedAt: 'Exported on {date}.',
  whole: 'Everything that was said, up to the day of the export.',
  heldSince: 'What was said before {date} is not in this file.',
  heldNothing: 'Nothing of this conversation is in this file.',
  gap: 'Some messages are not in this file.',
  messages: '{count} messages',
  deleted: 'deleted',
  edited: 'edited',
  reply: 'reply',
  unknownPerson: 'Unknown person',
  back: 'All conversations',
  notices: {
    title: '{name} named the conversation {other}',
    pin: '{name} changed what is pinned',
    status: '{name} set the state to {other}',
    closed: '{name} closed or opened the conversation',
    ttl: '{name} changed how long messages stay',
    joined: '{name} added {other}',
    left: '{other} left',
    role: '{name} changed the role of {other}',
  },
};

/** A conversation in an export. */
export interface ExportedConversation {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly members: readonly { readonly id: string; readonly name: string }[];
  /** since when everything is in the file, in ms; null: from the beginning; undefined: nothing is */
  readonly heldSinceMs: number | null | undefined;
}

/** What a page shows beside the messages. */
export interface ExportContext {
  readonly texts: ExportTexts;
  /** the name of a person; empty when it is not known */
  readonly nameOf: (userId: string) => string;
  /** a moment as the reader writes it */
  readonly formatTime: (ms: number) => string;
  readonly exportedAtMs: number;
}

/** The next piece of both files of a conversation. */
export interface ExportPiece {
  readonly html: string;
  readonly json: string;
}

/** Markup of this file; nothing else is put into a page unescaped. */
class Html {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function markup(
  parts: TemplateStringsArray,
  ...values: readonly (Html | readonly Html[] | string | number)[]
): Html {
  const text = (value: Html | readonly Html[] | string | number): string => {
    if (value instanceof Html) return value.source;
    if (typeof value === 'object') return value.map(({ source }) => source).join('');
    return String(value).replace(/[&<>"']/g, (sign) => escapes[sign] ?? '');
  };
  return new Html(
    parts.map((part, index) => part + (index < values.length ? text(values[index] ?? '') : '')).join(''),
  );
}

const nothing = markup``;

// No script, no request, no frame: also for whoever opens the file from somewhere else.
const head = (title: string): Html => markup`<!doctype html>
<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width"><title>${title}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
.at, .note { opacity: .65; font-size: .85em }
.note { text-align: center; margin: .6rem 0 }
.m { margin: .7rem 0 } .reply { margin-left: 2rem }
.text { white-space: pre-wrap; overflow-wrap: anywhere }
.text, h1, p, b, li { unicode-bidi: plaintext }
li { margin: .4rem 0 }
</style></head><body>
`;

const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** How much of a conversation the file holds, in words. */
function heldText({ heldSinceMs }: ExportedConversation, { texts, formatTime }: ExportContext): string {
  if (heldSinceMs === undefined) return texts.heldNothing;
  return heldSinceMs === null ? texts.whole : fill(texts.heldSince, { date: formatTime(heldSinceMs) });
}

/** Writes one conversation: {@link begin}, any number of {@link messages}, {@link end}. */
export class ConversationPages {
  readonly #conversation: ExportedConversation;
  readonly #context: ExportContext;
  readonly #held: IntervalSet;
  #lastSeq = 0;
  #count = 0;

  /** @param held which positions are held; gaps between them are said. Empty: all there are. */
  constructor(conversation: ExportedConversation, held: IntervalSet, context: ExportContext) {
    this.#conversation = conversation;
    this.#held = held;
    this.#context = context;
  }

  /** Messages written so far. */
  get count(): number {
    return this.#count;
  }

  begin(): ExportPiece {
    const { texts, formatTime, exportedAtMs } = this.#context;
    const conversation = this.#conversation;
    const { title, members } = conversation;
    const page = markup`${head(title)}<p><a href="index.html">${texts.back}</a></p><h1>${title}</h1>
<p class="at">${members.map(({ name }) => name).join(', ')}</p>
<p>${fill(texts.exportedAt, { date: formatTime(exportedAtMs) })} ${heldText(conversation, this.#context)}</p>
`;
    const fields = { ...conversation, heldSinceMs: conversation.heldSinceMs ?? null, exportedAtMs };
    const isHeld = conversation.heldSinceMs !== undefined;
    return { html: page.source, json: `${JSON.stringify({ ...fields, isHeld }).slice(0, -1)},"messages":[` };
  }

  /** Messages in their order, none before those of the last call. */
  messages(messages: readonly Message[]): ExportPiece {
    let page = '';
    let json = '';
    for (const message of messages) {
      page += this.#gapBefore(message.createSeq).source + this.#message(message).source;
      json += `${this.#count === 0 ? '\n' : ',\n'}${JSON.stringify(this.#fields(message))}`;
      this.#count += 1;
      this.#lastSeq = message.createSeq;
    }
    return { html: page, json };
  }

  end(): ExportPiece {
    return { html: '</body></html>\n', json: '\n]}\n' };
  }

  #fields(message: Message): object {
    const { conversationId: _conversation, ...fields } = message;
    const reactions = message.reactions.map(({ emoji, userId }) => ({
      emoji,
      userId,
      name: this.#name(userId),
    }));
    return { ...fields, senderName: this.#name(message.senderId), reactions };
  }

  #gapBefore(seq: number): Html {
    const at = (position: number): Interval | undefined =>
      this.#held.find(({ lo, hi }) => lo <= position && position <= hi);
    if (this.#held.length < 2 || this.#lastSeq === 0 || at(this.#lastSeq) === at(seq)) return nothing;
    return markup`<p class="note">${this.#context.texts.gap}</p>
`;
  }

  #message(message: Message): Html {
    const { texts, formatTime } = this.#context;
    const { id, notices, deletedAt, editedAt, threadRootId, replyTo, senderId, text, reactions, createdAt } =
      message;
    const time = markup`<span class="at">${formatTime(createdAt)}</span>`;
    if (notices)
      return markup`${notices.map(
        (notice) => markup`<p class="note">${this.#notice(notice, senderId)} ${time}</p>
`,
      )}`;
    const answered = threadRootId ?? replyTo;
    const link = answered === null ? nothing : markup` <a class="at" href="#${answered}">${texts.reply}</a>`;
    const edited = editedAt === null ? nothing : markup` <span class="at">${texts.edited}</span>`;
    const body =
      deletedAt === null
        ? markup`<div class="text">${text ?? ''}</div>`
        : markup`<div class="at">${texts.deleted}</div>`;
    const shown = reactions.map(({ emoji, userId }) => markup`<span>${emoji} ${this.#name(userId)} </span>`);
    const below = shown.length === 0 ? nothing : markup`<div class="at">${shown}</div>`;
    const kind = threadRootId === null ? 'm' : 'm reply';
    return markup`<div class="${kind}" id="${id}"><b>${this.#name(senderId)}</b> ${time}${edited}${link}${body}${below}</div>
`;
  }

  #notice(notice: Notice, senderId: string): string {
    const other = (): string => {
      if ('userId' in notice) return this.#name(notice.userId);
      if (notice.kind === 'title') return notice.title ?? '';
      return notice.kind === 'status' ? notice.status : '';
    };
    return fill(this.#context.texts.notices[notice.kind], { name: this.#name(senderId), other: other() });
  }

  #name(userId: string): string {
    return this.#context.nameOf(userId) || this.#context.texts.unknownPerson;
  }
}

/** A conversation of the index. */
export interface IndexedConversation extends ExportedConversation {
  /** name of its files, without ending */
  readonly file: string;
  readonly count: number;
}

/** The page that leads to all conversations, and the same for programs. */
export function indexPages(
  conversations: readonly IndexedConversation[],
  context: ExportContext,
): ExportPiece {
  const { texts, formatTime, exportedAtMs } = context;
  const items = conversations.map(
    (each) => markup`<li><a href="${each.file}.html">${each.title}</a>
<span class="at">${fill(texts.messages, { count: String(each.count) })} · ${heldText(each, context)}</span></li>
`,
  );
  const page = markup`${head(texts.title)}<h1>${texts.title}</h1>
<p>${fill(texts.exportedAt, { date: formatTime(exportedAtMs) })}</p>
<ul>
${items}</ul></body></html>
`;
  const entries = conversations.map(({ heldSinceMs, ...each }) => ({
    ...each,
    heldSinceMs: heldSinceMs ?? null,
    isHeld: heldSinceMs !== undefined,
  }));
  return {
    html: page.source,
    json: `${JSON.stringify({ exportedAtMs, conversations: entries }, undefined, 2)}\n`,
  };
}

/** The name of a conversation's files: its number, and what of its title every file system takes. */
export function exportFileName(index: number, title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${String(index + 1).padStart(4, '0')}${words === '' ? '' : `-${words}`}`;
}
