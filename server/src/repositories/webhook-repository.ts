/**
 * Outgoing webhooks, what they are still to be told, and how it went. Owns the tables webhook, webhook_cursor and
 * webhook_delivery. Deliveries are written down from the logs themselves, by a cursor per hook and log, so nothing that
 * was committed is missed, whoever committed it and whenever its process died.
 */
import { randomUUID } from 'node:crypto';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { PrismaClient, Webhook, WebhookDelivery } from '../infra/generated/client.ts';

/** How long a node has a hook to itself without saying that it still lives. */
const LEASE_MS = 30_000;

/** A hook that this node delivers to now. */
export interface LeasedWebhook extends Webhook {
  readonly lease: string;
}

/** The next thing to tell. */
export interface PendingDelivery {
  readonly id: bigint;
  readonly attempts: number;
  readonly event: Envelope;
}

/** See the file's head. Times come from the caller's clock. */
export interface WebhookRepository {
  /** Stores a hook that hears of what happens from now on. */
  create(
    hook: Pick<
      Webhook,
      'id' | 'orgId' | 'botId' | 'conversationId' | 'url' | 'secret' | 'events' | 'createdBy'
    >,
  ): Promise<Webhook>;
  listOf(botId: string): Promise<readonly Webhook[]>;
  find(botId: string, webhookId: string): Promise<Webhook | undefined>;
  /** Turns a hook on, from now on, or off; what was waiting is dropped either way. */
  enable(webhookId: string, isEnabled: boolean, at: Date): Promise<Webhook>;
  remove(webhookIds: readonly string[]): Promise<void>;
  deliveries(webhookId: string, limit: number): Promise<readonly WebhookDelivery[]>;
  /** Bots with a hook that is on. */
  watchedBots(): Promise<readonly string[]>;
  /** Writes down what happened since the cursors. */
  collect(at: Date): Promise<void>;
  /** Takes a hook that is due and that no other node has. */
  lease(at: Date): Promise<LeasedWebhook | undefined>;
  /** The oldest thing still to be told to a hook; undefined also once it is turned off or another node's. */
  next(hook: LeasedWebhook): Promise<PendingDelivery | undefined>;
  /** Notes a delivery that arrived; false when the lease was lost meanwhile. */
  delivered(hook: LeasedWebhook, id: bigint, status: number, at: Date): Promise<boolean>;
  /** Notes one that did not, and gives the hook back until `nextAt`, or for good. */
  failed(
    hook: LeasedWebhook,
    id: bigint,
    how: { readonly status: number | null; readonly error: string; readonly at: Date; readonly nextAt: Date },
    disabledReason: 'failing' | 'gone' | null,
  ): Promise<void>;
  release(hook: LeasedWebhook): Promise<void>;
  /** Removes what was settled before. */
  prune(before: Date): Promise<void>;
}

interface EventRow {
  readonly id: bigint;
  readonly attempts: number;
  readonly logId: string;
  readonly seq: bigint;
  readonly chain: string;
  readonly type: string;
  readonly actorId: string;
  readonly opId: string;
  readonly opHash: string;
  readonly at: bigint;
  readonly memberVersion: bigint;
  readonly payload: unknown;
}

/** Creates the repository over Prisma. */
export function createWebhookRepository(prisma: PrismaClient): WebhookRepository {
  /** Puts the cursors of a hook to the heads of the conversations its bot is in. */
  const skipToNow = (tx: Pick<PrismaClient, '$executeRaw'>, id: string) => tx.$executeRaw`
    INSERT INTO webhook_cursor (webhook_id, log_id, seq)
      SELECT h.id, l.id, l.head FROM webhook h JOIN member m ON m.user_id = h.bot_id AND m.left_seq IS NULL
        JOIN log l ON l.id = m.conversation_id
      WHERE h.id = ${id}::uuid AND (h.conversation_id IS NULL OR h.conversation_id = l.id)
    ON CONFLICT (webhook_id, log_id) DO UPDATE SET seq = excluded.seq`;

  return {
    async create(hook) {
      return prisma.$transaction(async (tx) => {
        const made = await tx.webhook.create({ data: hook });
        await skipToNow(tx, hook.id);
        return made;
      });
    },

    listOf: (botId) =>
      prisma.webhook.findMany({ where: { botId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),

    async find(botId, id) {
      return (await prisma.webhook.findFirst({ where: { id, botId } })) ?? undefined;
    },

    async enable(id, isEnabled, at) {
      return prisma.$transaction(async (tx) => {
        await tx.webhookDelivery.updateMany({
          where: { webhookId: id, settledAt: null },
          data: { settledAt: at, error: 'dropped: the webhook was turned off' },
        });
        if (isEnabled) await skipToNow(tx, id);
        const on = { disabledReason: null, failingSince: null, nextAttemptAt: at };
        return tx.webhook.update({ where: { id }, data: isEnabled ? on : { disabledReason: 'off' } });
      });
    },

    async remove(ids) {
      await prisma.webhook.deleteMany({ where: { id: { in: [...ids] } } });
    },

    deliveries: (webhookId, take) =>
      prisma.webhookDelivery.findMany({ where: { webhookId }, orderBy: { id: 'desc' }, take }),

    async watchedBots() {
      const rows = await prisma.webhook.findMany({
        where: { disabledReason: null },
        select: { botId: true },
      });
      return [...new Set(rows.map(({ botId }) => botId))];
    },

    async collect(at) {
      const ahead = await prisma.$queryRaw<{ id: string }[]>`
        SELECT DISTINCT h.id FROM webhook h JOIN member m ON m.user_id = h.bot_id AND m.left_seq IS NULL
          JOIN log l ON l.id = m.conversation_id AND (h.conversation_id IS NULL OR h.conversation_id = l.id)
          LEFT JOIN webhook_cursor c ON c.webhook_id = h.id AND c.log_id = l.id
        WHERE h.disabled_reason IS NULL AND l.head > greatest(coalesce(c.seq, 0), m.joined_seq - 1)`;
      for (const { id } of ahead) {
        await prisma.$transaction(async (tx) => {
          // A statement of its own: the next one must see what the node that held this lock before has written.
          const locked = await tx.$queryRaw<unknown[]>`
            SELECT 1 FROM webhook WHERE id = ${id}::uuid AND disabled_reason IS NULL FOR UPDATE SKIP LOCKED`;
          if (locked.length === 0) return;
          await tx.$executeRaw`
            WITH ahead AS (
              SELECT h.id AS hook_id, h.events, h.bot_id, l.id AS log_id, l.head,
                greatest(coalesce(c.seq, 0), m.joined_seq - 1) AS after
              FROM webhook h JOIN member m ON m.user_id = h.bot_id AND m.left_seq IS NULL
                JOIN log l ON l.id = m.conversation_id AND (h.conversation_id IS NULL OR h.conversation_id = l.id)
                LEFT JOIN webhook_cursor c ON c.webhook_id = h.id AND c.log_id = l.id
              WHERE h.id = ${id}::uuid AND l.head > greatest(coalesce(c.seq, 0), m.joined_seq - 1)
            ), moved AS (
              INSERT INTO webhook_cursor (webhook_id, log_id, seq) SELECT hook_id, log_id, head FROM ahead
              ON CONFLICT (webhook_id, log_id) DO UPDATE SET seq = excluded.seq
            )
            INSERT INTO webhook_delivery (webhook_id, log_id, seq, type, created_at)
              SELECT a.hook_id, e.log_id, e.seq, e.type, ${at} FROM ahead a
              JOIN event e ON e.log_id = a.log_id AND e.seq > a.after AND e.seq <= a.head
              WHERE e.type = ANY (a.events) AND e.actor_id <> a.bot_id
              ORDER BY e.at_ms, e.log_id, e.seq`;
        });
      }
    },

    async lease(at) {
      const lease = randomUUID();
      const until = new Date(at.getTime() + LEASE_MS);
      const rows = await prisma.$queryRaw<{ id: string }[]>`
        UPDATE webhook SET lease = ${lease}::uuid, leased_until = ${until} WHERE id = (
          SELECT h.id FROM webhook h
          WHERE h.disabled_reason IS NULL AND h.next_attempt_at <= ${at} AND (h.lease IS NULL OR h.leased_until < ${at})
            AND EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.webhook_id = h.id AND d.settled_at IS NULL)
          ORDER BY h.next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED
        ) RETURNING id`;
      const hook = rows[0] && (await prisma.webhook.findUnique({ where: { id: rows[0].id } }));
      return hook ? { ...hook, lease } : undefined;
    },

    async next(hook) {
      // Built from the log when it is sent: a text deleted meanwhile is not told, nor one from before the bot's time.
      const [row] = await prisma.$queryRaw<EventRow[]>`
        SELECT d.id, d.attempts, e.log_id AS "logId", e.seq, encode(e.chain, 'hex') AS chain, e.type,
          e.actor_id AS "actorId", e.op_id AS "opId", encode(e.op_hash, 'hex') AS "opHash", e.at_ms AS at,
          e.member_version AS "memberVersion",
          CASE WHEN EXISTS (SELECT 1 FROM member_interval v WHERE v.conversation_id = e.log_id AND v.user_id = ${hook.botId}::uuid
            AND v.from_seq <= coalesce(e.target_seq, e.seq) AND (v.to_seq IS NULL OR v.to_seq >= coalesce(e.target_seq, e.seq)))
            THEN e.payload END AS payload
        FROM webhook h JOIN webhook_delivery d ON d.webhook_id = h.id JOIN event e ON e.log_id = d.log_id AND e.seq = d.seq
        WHERE h.id = ${hook.id}::uuid AND h.lease = ${hook.lease}::uuid AND h.disabled_reason IS NULL AND d.settled_at IS NULL
        ORDER BY d.id LIMIT 1`;
      if (!row) return undefined;
      const { id, attempts, seq, at, memberVersion, ...event } = row;
      const numbers = { seq: Number(seq), at: Number(at), memberVersion: Number(memberVersion) };
      return { id, attempts, event: { ...event, ...numbers } as Envelope };
    },

    async delivered({ id: webhookId, lease }, id, status, at) {
      return prisma.$transaction(async (tx) => {
        const leasedUntil = new Date(at.getTime() + LEASE_MS);
        const { count } = await tx.webhook.updateMany({
          where: { id: webhookId, lease },
          data: { failingSince: null, leasedUntil },
        });
        await tx.webhookDelivery.updateMany({
          where: { id },
          data: { settledAt: at, status, error: null, attempts: { increment: 1 } },
        });
        return count > 0;
      });
    },

    async failed({ id: webhookId, lease, failingSince }, id, { status, error, at, nextAt }, disabledReason) {
      await prisma.$transaction([
        prisma.webhookDelivery.updateMany({
          where: { id, settledAt: null },
          data: {
            status,
            error,
            attempts: { increment: 1 },
            ...(disabledReason === null ? {} : { settledAt: at }),
          },
        }),
        prisma.webhook.updateMany({
          where: { id: webhookId, lease },
          data: {
            failingSince: failingSince ?? at,
            nextAttemptAt: nextAt,
            lease: null,
            ...(disabledReason === null ? {} : { disabledReason }),
          },
        }),
      ]);
    },

    async release({ id, lease }) {
      await prisma.webhook.updateMany({ where: { id, lease }, data: { lease: null } });
    },

    async prune(before) {
      await prisma.webhookDelivery.deleteMany({ where: { settledAt: { lt: before } } });
    },
  };
}
