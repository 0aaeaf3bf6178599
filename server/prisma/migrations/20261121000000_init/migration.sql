-- long-file: one statement a table and index, as Prisma writes them.
-- Tables, as `schema.prisma` describes them, and the storage settings Prisma has no words for. Until the first release
-- migrations are changed where they stand, so that every function is written once; from then on they are frozen.

-- CreateTable
CREATE TABLE "log" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "org_id" UUID,
    "head" BIGINT NOT NULL DEFAULT 0,
    "chain" BYTEA NOT NULL DEFAULT '\x0000000000000000'::bytea,
    "floor_seq" BIGINT NOT NULL DEFAULT 0,
    "member_version" BIGINT NOT NULL DEFAULT 0,
    "updated_xid" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "log_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "log_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "actor_id" UUID NOT NULL,
    "device_id" UUID,
    "op_id" UUID NOT NULL,
    "op_hash" BYTEA NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "payload" JSONB,
    "chain" BYTEA NOT NULL,
    "member_version" BIGINT NOT NULL,
    "target_seq" BIGINT,

    CONSTRAINT "event_pkey" PRIMARY KEY ("log_id","seq")
);

-- CreateTable
CREATE TABLE "log_entry" (
    "log_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "rev_seq" BIGINT NOT NULL,

    CONSTRAINT "log_entry_pkey" PRIMARY KEY ("log_id","key")
);

-- CreateTable
CREATE TABLE "conversation" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "protection" TEXT NOT NULL DEFAULT 'server',
    "unique_key" TEXT,
    "title" TEXT,
    "link" JSONB,
    "pins" UUID[] DEFAULT ARRAY[]::UUID[],
    "is_closed" BOOLEAN NOT NULL DEFAULT false,
    "message_ttl_ms" BIGINT,
    "history" TEXT NOT NULL DEFAULT 'all',
    "audience" JSONB,
    "created_by" UUID NOT NULL,
    "created_at_ms" BIGINT NOT NULL,
    "rev_seq" BIGINT NOT NULL,
    "receipt_version" BIGINT NOT NULL DEFAULT 0,
    "receipt_xid" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "conversation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "create_seq" BIGINT NOT NULL,
    "rev_seq" BIGINT NOT NULL,
    "text_seq" BIGINT NOT NULL,
    "edit_seqs" BIGINT[] DEFAULT ARRAY[]::BIGINT[],
    "class" TEXT NOT NULL DEFAULT 'content',
    "thread_root_id" UUID,
    "sender_id" UUID NOT NULL,
    "text" TEXT,
    "ciphertext" BYTEA,
    "reply_to" UUID,
    "mentions" UUID[] DEFAULT ARRAY[]::UUID[],
    "composed_at_ms" BIGINT NOT NULL,
    "created_at_ms" BIGINT NOT NULL,
    "edited_at_ms" BIGINT,
    "deleted_at_ms" BIGINT,
    "extras" JSONB NOT NULL DEFAULT '{}',
    "expires_at_ms" BIGINT,
    "notices" JSONB,

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reaction" (
    "message_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "emoji" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "reaction_pkey" PRIMARY KEY ("message_id","user_id","emoji")
);

-- CreateTable
CREATE TABLE "member" (
    "conversation_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'member',
    "joined_seq" BIGINT NOT NULL,
    "left_seq" BIGINT,
    "is_paused" BOOLEAN NOT NULL DEFAULT false,
    "delivered_seq" BIGINT NOT NULL DEFAULT 0,
    "read_seq" BIGINT NOT NULL DEFAULT 0,
    "shared_read_seq" BIGINT NOT NULL DEFAULT 0,
    "unread_from_seq" BIGINT,
    "notify" TEXT NOT NULL DEFAULT 'all',
    "updated_xid" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "member_pkey" PRIMARY KEY ("conversation_id","user_id")
);

-- CreateTable
CREATE TABLE "member_interval" (
    "conversation_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "from_seq" BIGINT NOT NULL,
    "to_seq" BIGINT,

    CONSTRAINT "member_interval_pkey" PRIMARY KEY ("conversation_id","user_id","from_seq")
);

-- CreateTable
CREATE TABLE "read_mark" (
    "conversation_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "at_ms" BIGINT NOT NULL,

    CONSTRAINT "read_mark_pkey" PRIMARY KEY ("conversation_id","user_id","seq")
);

-- CreateTable
CREATE TABLE "delivered_mark" (
    "conversation_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "after_seq" BIGINT NOT NULL,
    "at_ms" BIGINT NOT NULL,

    CONSTRAINT "delivered_mark_pkey" PRIMARY KEY ("conversation_id","user_id","seq")
);

-- CreateTable
CREATE TABLE "thread_read" (
    "conversation_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "thread_root_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "thread_read_pkey" PRIMARY KEY ("conversation_id","user_id","thread_root_id")
);

-- CreateTable
CREATE TABLE "org" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at_ms" BIGINT NOT NULL,

    CONSTRAINT "org_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "org_member" (
    "org_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "title" TEXT,
    "joined_seq" BIGINT NOT NULL,
    "left_seq" BIGINT,
    "is_deactivated" BOOLEAN NOT NULL DEFAULT false,
    "updated_xid" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "org_member_pkey" PRIMARY KEY ("org_id","user_id")
);

-- CreateTable
CREATE TABLE "site" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "site_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "site_member" (
    "site_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,

    CONSTRAINT "site_member_pkey" PRIMARY KEY ("site_id","user_id")
);

-- CreateTable
CREATE TABLE "unit" (
    "id" UUID NOT NULL,
    "site_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "parent_id" UUID,

    CONSTRAINT "unit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "unit_member" (
    "unit_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,

    CONSTRAINT "unit_member_pkey" PRIMARY KEY ("unit_id","user_id")
);

-- CreateTable
CREATE TABLE "user_account" (
    "id" UUID NOT NULL,
    "email" TEXT,
    "bot_of" UUID,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),
    "last_seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential" (
    "user_id" UUID NOT NULL,
    "password_hash" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "device" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "fence" BIGINT NOT NULL DEFAULT 0,
    "instance" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "wipe" BOOLEAN NOT NULL DEFAULT false,
    "address" TEXT,

    CONSTRAINT "device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_family" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "device_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_reason" TEXT,

    CONSTRAINT "refresh_family_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_token" (
    "id" UUID NOT NULL,
    "family_id" UUID NOT NULL,
    "parent_id" UUID,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "first_used_at" TIMESTAMPTZ(3),
    "replaced_at" TIMESTAMPTZ(3),

    CONSTRAINT "refresh_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "device_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "conversation_id" UUID,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "bot_id" UUID NOT NULL,
    "conversation_id" UUID,
    "url" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "events" TEXT[],
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_reason" TEXT,
    "failing_since" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease" UUID,
    "leased_until" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_cursor" (
    "webhook_id" UUID NOT NULL,
    "log_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,

    CONSTRAINT "webhook_cursor_pkey" PRIMARY KEY ("webhook_id","log_id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "id" BIGSERIAL NOT NULL,
    "webhook_id" UUID NOT NULL,
    "log_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "settled_at" TIMESTAMPTZ(3),
    "status" INTEGER,
    "error" TEXT,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "id" BYTEA NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "answer" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invite" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'member',
    "email" TEXT,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "org_seq" BIGINT NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "max_uses" INTEGER,
    "uses" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "invite_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attachment" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "sha256" BYTEA NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "stored_size_bytes" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attachment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" UUID,
    "org_id" UUID,
    "action" TEXT NOT NULL,
    "target" TEXT,
    "detail" JSONB,
    "address" TEXT,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "server_meta" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "server_meta_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "event_settings" ON "event"("log_id", "seq") WHERE (target_seq IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "event_actor_id_op_id_key" ON "event"("actor_id", "op_id");

-- CreateIndex
CREATE INDEX "log_entry_scheduled" ON "log_entry"("key") WHERE (key LIKE 'scheduled:%');

-- CreateIndex
CREATE UNIQUE INDEX "conversation_unique_key_key" ON "conversation"("unique_key");

-- CreateIndex
CREATE INDEX "conversation_audience" ON "conversation"("org_id") WHERE (audience IS NOT NULL);

-- CreateIndex
CREATE INDEX "message_conversation_id_create_seq_idx" ON "message"("conversation_id", "create_seq");

-- CreateIndex
CREATE INDEX "message_conversation_id_rev_seq_idx" ON "message"("conversation_id", "rev_seq") WHERE (rev_seq > create_seq);

-- CreateIndex
CREATE INDEX "message_expiry" ON "message"("expires_at_ms") WHERE (expires_at_ms IS NOT NULL AND deleted_at_ms IS NULL);

-- CreateIndex
CREATE INDEX "message_thread" ON "message"("thread_root_id", "create_seq") WHERE (thread_root_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "message_replies" ON "message"("conversation_id", "create_seq") WHERE (thread_root_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "member_user_id_idx" ON "member"("user_id");

-- CreateIndex
CREATE INDEX "org_member_user_id_idx" ON "org_member"("user_id");

-- CreateIndex
CREATE INDEX "site_org_id_idx" ON "site"("org_id");

-- CreateIndex
CREATE INDEX "site_member_user_id_idx" ON "site_member"("user_id");

-- CreateIndex
CREATE INDEX "unit_site_id_idx" ON "unit"("site_id");

-- CreateIndex
CREATE INDEX "unit_member_user_id_idx" ON "unit_member"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "user_account_email_key" ON "user_account"("email");

-- CreateIndex
CREATE INDEX "user_account_bot_of_idx" ON "user_account"("bot_of");

-- CreateIndex
CREATE INDEX "device_user_id_idx" ON "device"("user_id");

-- CreateIndex
CREATE INDEX "refresh_family_user_id_idx" ON "refresh_family"("user_id");

-- CreateIndex
CREATE INDEX "refresh_family_device_id_idx" ON "refresh_family"("device_id");

-- CreateIndex
CREATE UNIQUE INDEX "refresh_token_hash_key" ON "refresh_token"("hash");

-- CreateIndex
CREATE INDEX "refresh_token_family_id_idx" ON "refresh_token"("family_id");

-- CreateIndex
CREATE INDEX "refresh_token_parent_id_idx" ON "refresh_token"("parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- CreateIndex
CREATE INDEX "api_token_user_id_idx" ON "api_token"("user_id");

-- CreateIndex
CREATE INDEX "api_token_revoked_at_idx" ON "api_token"("revoked_at");

-- CreateIndex
CREATE INDEX "webhook_org_id_idx" ON "webhook"("org_id");

-- CreateIndex
CREATE INDEX "webhook_bot_id_idx" ON "webhook"("bot_id");

-- CreateIndex
CREATE INDEX "webhook_delivery_webhook_id_id_idx" ON "webhook_delivery"("webhook_id", "id");

-- CreateIndex
CREATE INDEX "webhook_delivery_pending" ON "webhook_delivery"("webhook_id", "id") WHERE (settled_at IS NULL);

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "invite_code_hash_key" ON "invite"("code_hash");

-- CreateIndex
CREATE INDEX "invite_org_id_idx" ON "invite"("org_id");

-- CreateIndex
CREATE INDEX "attachment_sha256_idx" ON "attachment"("sha256");

-- CreateIndex
CREATE INDEX "audit_entry_org_id_id_idx" ON "audit_entry"("org_id", "id");

-- CreateIndex
CREATE INDEX "audit_entry_org_id_actor_id_id_idx" ON "audit_entry"("org_id", "actor_id", "id");

-- CreateIndex
CREATE INDEX "audit_entry_org_id_target_id_idx" ON "audit_entry"("org_id", "target", "id");

-- CreateIndex
CREATE INDEX "audit_entry_org_id_action_id_idx" ON "audit_entry"("org_id", "action", "id");

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device" ADD CONSTRAINT "device_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_family" ADD CONSTRAINT "refresh_family_device_id_fkey" FOREIGN KEY ("device_id") REFERENCES "device"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_token" ADD CONSTRAINT "refresh_token_family_id_fkey" FOREIGN KEY ("family_id") REFERENCES "refresh_family"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_cursor" ADD CONSTRAINT "webhook_cursor_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Rows that are updated at every append or receipt: room on the page keeps those updates free of index writes.
ALTER TABLE "log" SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE "member" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE "conversation" SET (fillfactor = 70);
ALTER TABLE "message" SET (fillfactor = 90);

INSERT INTO "server_meta" ("key", "value") VALUES ('epoch', '1');
