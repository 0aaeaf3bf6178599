/**
 * Catch-up: 100 conversations of missed events into the cache, page by page as they arrive, beside two bare loops that
 * parse the same pages: insert only, and insert with a trigram search index kept at once.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { pullAnswerSchema } from '@curlew/shared/protocol/sync.ts';
import { openAccount } from '../../desktop/src/core/open-account.ts';
import { nodeClock, nodeRandom } from '../../desktop/src/core/node-ports.ts';
import { row, type BenchRow } from '../rows.ts';
import { conversationEvents, newId } from './history.ts';

/** One page as it would arrive: a log, and the answer as JSON text. */
interface Page {
  readonly logId: string;
  readonly json: string;
}

/** Measures the catch-up of `conversations` × `events`. */
export function benchCatchUp(conversations: number, events: number, seed: number): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'curlew-bench-catch-up-'));
  try {
    const me = newId();
    const pages = Array.from({ length: conversations }, (_, index) =>
      makePages(me, events, seed + index),
    ).flat();
    const count = conversations * events;
    // Interleaved thirds would disturb each other's page cache; each loop runs whole, on a file of its own.
    const bare = bareLoop(join(folder, 'bare.db'), pages, false);
    const indexed = bareLoop(join(folder, 'indexed.db'), pages, true);
    const ours = ingestLoop(join(folder, 'account'), me, pages);
    const rate = (ms: number): number => (count * 1000) / ms;
    const what = `${count} missed messages of ${conversations} conversations`;
    return [
      row(
        {
          id: 'catch-up',
          what: `${what}, beside parse + insert + search index at once (ours defers it)`,
          value: rate(ours),
          unit: 'msgs/s',
          limit: rate(indexed),
          budget: '≥ 2 × with index at once',
        },
        (_, ratio) => ratio >= 2,
      ),
      row(
        {
          id: 'catch-up:bare',
          what: `${what}, beside parse + insert alone`,
          value: rate(ours),
          unit: 'msgs/s',
          limit: rate(bare),
          budget: 'for information',
        },
        () => true,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makePages(me: string, count: number, seed: number): Page[] {
  const logId = newId();
  const pair = { orgId: newId(), me, peer: newId() };
  return [...conversationEvents(logId, pair, count, seed)].map((events) => {
    const last = events.at(-1);
    return { logId, json: JSON.stringify({ events, head: last?.seq ?? 0, chain: last?.chain ?? '' }) };
  });
}

function bareLoop(file: string, pages: readonly Page[], withIndex: boolean): number {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(`CREATE TABLE message (id TEXT PRIMARY KEY, log TEXT, seq INTEGER, sender TEXT, text TEXT, at INTEGER);
    CREATE INDEX by_log ON message (log, seq);`);
  if (withIndex) db.exec(`CREATE VIRTUAL TABLE search USING fts5(text, tokenize = 'trigram')`);
  const insert = db.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)');
  const index = withIndex ? db.prepare('INSERT INTO search (text) VALUES (?)') : undefined;
  const started = performance.now();
  for (const { logId, json } of pages) {
    const { events } = JSON.parse(json) as { events: Envelope[] };
    db.transaction(() => {
      for (const event of events) {
        const { text } = event.payload as { text?: string };
        insert.run(event.opId, logId, event.seq, event.actorId, text ?? null, event.at);
        if (text !== undefined) index?.run(text);
      }
    })();
  }
  const tookMs = performance.now() - started;
  db.close();
  return tookMs;
}

function ingestLoop(dir: string, userId: string, pages: readonly Page[]): number {
  const stores = openAccount({
    dir,
    serverUrl: 'http://127.0.0.1',
    userId,
    clock: nodeClock,
    random: nodeRandom,
    log: () => undefined,
  });
  const started = performance.now();
  for (const { logId, json } of pages) {
    const outcome = stores.ingest.applyEvents(logId, pullAnswerSchema.parse(JSON.parse(json)).events);
    if (outcome.kind !== 'applied') throw new Error(`the bench made a bad page: ${outcome.kind}`);
  }
  const tookMs = performance.now() - started;
  stores.close();
  return tookMs;
}
