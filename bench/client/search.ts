/**
 * Local search: pieces of real texts of one to eight characters, in all scripts of the corpus, and what people ask with
 * filters, over an indexed cache. Of the core alone: the way over IPC and the painting are not in these figures.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSearch, searchMatcher } from '@curlew/shared/domain/search.ts';
import { openCache } from '../../desktop/src/core/store/open-cache.ts';
import { SearchIndex } from '../../desktop/src/core/store/search/search-index.ts';
import { searchCache } from '../../desktop/src/core/store/search/search-run.ts';
import { openSearchFile } from '../../desktop/src/core/store/search/search-schema.ts';
import {
  corpusId,
  corpusMessage,
  corpusText,
  seeded,
  storeCorpus,
  type CorpusMessage,
} from '../../desktop/src/core/store/search/testing/corpus.ts';
import { row, type BenchRow } from '../rows.ts';

const QUERIES = 400;
/** Hits of the first page, as the search pane asks for them. */
const PAGE = 50;
const STEP_MS = 8;

/** Measures over a cache of `count` messages. */
export function benchSearch(count: number, seed: number): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'curlew-bench-search-'));
  const random = seeded(seed);
  const nowMs = (): number => performance.now();
  const cache = openCache(join(folder, 'cache.db')).db;
  const path = join(folder, 'search.db');
  const file = openSearchFile(path, cache);
  try {
    storeCorpus(cache, messages(count, random), 1);
    const index = new SearchIndex(file, cache, nowMs);
    const steps: number[] = [];
    for (let isMore = true; isMore;) {
      const begin = nowMs();
      isMore = index.step(STEP_MS);
      steps.push(nowMs() - begin);
    }
    const times: number[] = [];
    for (let n = 0; n < QUERIES; n += 1) {
      const matcher = searchMatcher(parseSearch(`"${piece(random)}"`), (day) => Date.parse(day));
      const conversationIds = n % 5 === 0 ? new Set([corpusId(1, n)]) : null;
      const scope = { matcher, conversationIds, senderIds: null, accepts: () => true };
      const begin = nowMs();
      const run = searchCache({ cache, index, nowMs }, scope, PAGE, null);
      while (run.next().done !== true);
      times.push(nowMs() - begin);
    }
    const what = `${count} messages in ten scripts`;
    return [
      row(
        {
          id: 'search',
          what: `first ${PAGE} hits, ${what}, one to eight characters, p95 (core alone)`,
          value: quantile(times, 0.95),
          unit: 'ms',
          limit: null,
          budget: '≤ 50 ms',
        },
        (value) => value <= 50,
      ),
      row(
        {
          id: 'search:median',
          what: 'the same, median',
          value: quantile(times, 0.5),
          unit: 'ms',
          limit: null,
          budget: 'for information',
        },
        () => true,
      ),
      row(
        {
          id: 'search:step',
          what: `a step of indexing, ${what}, p99`,
          value: quantile(steps, 0.99),
          unit: 'ms',
          limit: null,
          budget: 'for information',
        },
        () => true,
      ),
      row(
        {
          id: 'search:size',
          what: `search.db, ${what}`,
          value: statSync(path).size / 1e6,
          unit: 'MB',
          limit: null,
          budget: 'for information',
        },
        () => true,
      ),
    ];
  } finally {
    file.close();
    cache.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function* messages(count: number, random: () => number): Generator<CorpusMessage> {
  for (let n = 0; n < count; n += 1) yield corpusMessage(n, random);
}

function piece(random: () => number): string {
  for (;;) {
    const characters = Array.from(corpusText(random));
    const at = Math.floor(random() * characters.length);
    const text = characters
      .slice(at, at + 1 + Math.floor(random() * 8))
      .join('')
      .replaceAll('"', '')
      .trim();
    if (text !== '') return text;
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
