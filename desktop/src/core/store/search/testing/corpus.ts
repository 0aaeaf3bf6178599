/**
 * Messages in many scripts, made from a seed, for tests and measurements of the search. Owns the mixture: words of each
 * language with its own accents, forms and lack of spaces, numbers that are rare, links and emoji.
 */
import type { Sqlite } from '../../sqlite.ts';

const vocabularies: readonly (readonly string[])[] = [
  [
    'meeting',
    'invoice',
    'server',
    'room',
    'Überprüfung',
    'café',
    'naïve',
    'Straße',
    'coöperate',
    'ŁÓDŹ',
    'İstanbul',
  ],
  ['l’arbre', 'déjà', 'Éclair', 'œuvre', 'français', 'garçon', 'où', 'hôtel', 'forêt', 'qu’il', 'ça'],
  ['привет', 'Встреча', 'завтра', 'отчёт', 'СЕРВЕР', 'комната', 'й', 'ёлка', 'Україна', 'їжак'],
  ['مرحبا', 'اجتماع', 'غدا', 'الخادم', 'مُحَمَّد', 'شُكْرًا', 'غرفة', 'تقرير'],
  ['नमस्ते', 'बैठक', 'कल', 'रिपोर्ट', 'सर्वर', 'कृपया', 'हिन्दी', 'कमरा'],
  ['สวัสดีครับ', 'ประชุมพรุ่งนี้', 'เซิร์ฟเวอร์', 'ห้องประชุม', 'รายงานการซ่อม', 'น้ำ'],
  ['会议明天开始', '服务器房间', '请确认', '发票', '維修報告', '你好', '冷却装置', '汉'],
  ['明日の会議', 'サーバー室', 'ｶﾌｪ', 'カフェで', 'お願いします', '報告書', 'ありがとう', 'が'],
  ['내일 회의', '서버실', '확인 부탁드립니다', '보고서', '안녕하세요', '한글', '각'],
  [
    '👍',
    '🎉🎉',
    '👩‍👩‍👧',
    '❤️',
    '👋🏽',
    'https://example.org/a?b=1',
    'ΟΔΟΣ',
    'οδός',
    'שלום',
    'ﬁle',
    '½',
    '"quoted"',
    'a-b_c',
  ],
];

/** Numbers in [0, 1) from a seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One message's text. */
export function corpusText(random: () => number): string {
  const pick = <T>(items: readonly T[]): T | undefined =>
    items[Math.floor(random() * random() * items.length)];
  const language = pick(vocabularies) ?? [];
  const words = Array.from({ length: 1 + Math.floor(random() * 12) }, () => {
    const odd = random();
    if (odd < 0.06) return Math.floor(random() * 1e7).toString(36);
    return (
      pick(odd < 0.2 ? (vocabularies[Math.floor(random() * vocabularies.length)] ?? language) : language) ??
      ''
    );
  });
  return words.join(random() < 0.1 ? '\n' : ' ');
}

/** The id of conversation, person or message number `n`. */
export function corpusId(kind: 1 | 2 | 3, n: number): string {
  return `0000000${kind}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** A message to store. */
export interface CorpusMessage {
  readonly id: string;
  readonly conversationId: string;
  readonly senderId: string;
  readonly text: string;
  readonly createdAt: number;
}

/** When the corpus begins, milliseconds since 1970. */
export const CORPUS_START_MS = 1_600_000_000_000;

/** Message number `n`, about 90 s after the one before; some share a millisecond, some come from older history. */
export function corpusMessage(n: number, random: () => number): CorpusMessage {
  const step = random() < 0.05 ? Math.floor(n / 20) * 20 : random() < 0.1 ? Math.floor(random() * n) : n;
  return {
    id: corpusId(3, n),
    conversationId: corpusId(1, Math.floor(random() ** 3 * 1_000)),
    senderId: corpusId(2, Math.floor(random() ** 2 * 300)),
    text: corpusText(random),
    createdAt: CORPUS_START_MS + step * 90_000,
  };
}

/** Stores messages the way the ingest leaves them; `seq` numbers them over all conversations. */
export function storeCorpus(cache: Sqlite, messages: Iterable<CorpusMessage>, firstSeq: number): void {
  const insert = cache.prepare(
    `INSERT INTO message (id, conversation_id, create_seq, rev_seq, sender_id, text, composed_at, created_at)
     VALUES (@id, @conversationId, @seq, @seq, @senderId, @text, @createdAt, @createdAt)`,
  );
  cache
    .transaction(() => {
      let seq = firstSeq;
      for (const message of messages) insert.run({ ...message, seq: seq++ });
    })
    .immediate();
}
