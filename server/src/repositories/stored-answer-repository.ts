/** Answers kept for requests that may be repeated. Owns the table idempotency_key; what it holds is sealed by the caller. */
import type { PrismaClient } from '../infra/generated/client.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** See the file's head. Times come from the caller's clock. */
export interface StoredAnswerRepository {
  /**
   * Claims a request for whoever asks first. A claim may be taken over once it is older than `answeredBefore`, or, when
   * nobody answered it, than `claimedBefore`.
   * @returns undefined when it is claimed now; else what stands there
   */
  claim(
    request: { readonly id: Bytes; readonly fingerprint: Bytes },
    at: Date,
    limits: { readonly answeredBefore: Date; readonly claimedBefore: Date },
  ): Promise<{ readonly fingerprint: Uint8Array; readonly answer: Uint8Array | undefined } | undefined>;
  /** The claimed request is still being carried out. */
  renew(id: Bytes, at: Date): Promise<void>;
  /** Keeps the answer of a claimed request. */
  keep(id: Bytes, answer: Bytes): Promise<void>;
  /** Gives a claim up: the request changed nothing. */
  release(id: Bytes): Promise<void>;
  /** Removes what is older. */
  prune(before: Date): Promise<void>;
}

/** Creates the repository over Prisma. */
export function createStoredAnswerRepository(prisma: PrismaClient): StoredAnswerRepository {
  return {
    async claim({ id, fingerprint }, at, { answeredBefore, claimedBefore }) {
      // One statement: of two copies of a request, one is carried out.
      const claimed = await prisma.$executeRaw`
        INSERT INTO idempotency_key (id, fingerprint, created_at) VALUES (${id}, ${fingerprint}, ${at})
        ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, answer = NULL, created_at = excluded.created_at
          WHERE idempotency_key.created_at < ${answeredBefore}
            OR idempotency_key.answer IS NULL AND idempotency_key.created_at < ${claimedBefore}
              AND idempotency_key.fingerprint = excluded.fingerprint`;
      if (claimed > 0) return undefined;
      const row = await prisma.idempotencyKey.findUnique({ where: { id } });
      // Released between the two statements: whoever asks again finds it free.
      return { fingerprint: row?.fingerprint ?? fingerprint, answer: row?.answer ?? undefined };
    },

    async renew(id, at) {
      await prisma.idempotencyKey.updateMany({ where: { id, answer: null }, data: { createdAt: at } });
    },

    async keep(id, answer) {
      await prisma.idempotencyKey.updateMany({ where: { id }, data: { answer } });
    },

    async release(id) {
      await prisma.idempotencyKey.deleteMany({ where: { id, answer: null } });
    },

    async prune(before) {
      await prisma.idempotencyKey.deleteMany({ where: { createdAt: { lt: before } } });
    },
  };
}
