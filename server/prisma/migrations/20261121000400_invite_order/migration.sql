-- Where the organisation's log stood when an invite was made: who was removed needs one that is newer than that.
-- Invites from before count as older than every removal.
ALTER TABLE "invite" ADD COLUMN "org_seq" BIGINT NOT NULL DEFAULT 0;
