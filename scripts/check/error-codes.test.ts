/**
 * Every code of the catalogue has a test that makes it happen. A code that nothing produces is a promise nobody keeps:
 * it goes, or it gets its test here.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes, type ErrorCode } from '../../shared/src/protocol/errors.ts';

/** Code → the test that produces it for real. */
const producers: Readonly<Record<ErrorCode, string>> = {
  BUSY: 'server/src/repositories/append-queue.pg.test.ts',
  LAGGING: 'server/src/services/reads.pg.test.ts',
  RATE_LIMITED: 'server/src/http/rate-limits.pg.test.ts',
  SHUTTING_DOWN: 'server/src/process.pg.test.ts',
  TIMEOUT: 'desktop/src/core/transport/node-transport.test.ts',
  OFFLINE: 'desktop/src/core/transport/node-transport.test.ts',
  INTERNAL: 'server/src/repositories/append-queue.pg.test.ts',
  AUTH_REQUIRED: 'server/src/http/tokens.pg.test.ts',
  AUTH_EXPIRED: 'server/src/http/tokens.pg.test.ts',
  AUTH_REVOKED: 'server/src/http/tokens.pg.test.ts',
  FENCED: 'server/src/gateway/gateway.pg.test.ts',
  DEVICE_CLONED: 'server/src/gateway/gateway.pg.test.ts',
  PROTOCOL_TOO_OLD: 'server/src/gateway/gateway.pg.test.ts',
  TRIMMED: 'server/src/services/reads.pg.test.ts',
  DIVERGED: 'desktop/src/core/sync/divergence.test.ts',
  NOT_FOUND: 'server/src/services/reads.pg.test.ts',
  FORBIDDEN: 'server/src/services/ops.pg.test.ts',
  GROUP_FULL: 'server/src/services/authorise.test.ts',
  LIMIT_REACHED: 'server/src/http/bots.pg.test.ts',
  SCOPE_MISSING: 'server/src/testing/authorisation/bots.pg.test.ts',
  NOT_MEMBER: 'server/src/services/intervals.pg.test.ts',
  TARGET_MISSING: 'server/src/services/ops.pg.test.ts',
  TARGET_DELETED: 'server/src/services/ops.pg.test.ts',
  TOO_LARGE: 'server/src/services/ops.pg.test.ts',
  BAD_REQUEST: 'server/src/services/ops.pg.test.ts',
  OP_ID_REUSED: 'server/src/services/ops.pg.test.ts',
  WEBHOOK_ADDRESS: 'server/src/http/webhooks.pg.test.ts',
  IDEMPOTENCY_KEY_REUSED: 'server/src/http/idempotency-key.pg.test.ts',
  IDEMPOTENCY_KEY_IN_USE: 'server/src/http/idempotency-key.pg.test.ts',
  ID_TAKEN: 'server/src/services/ops.pg.test.ts',
  DEPENDENCY_FAILED: 'desktop/src/core/dependency-failed.db.test.ts',
  WRONG_CREDENTIALS: 'server/src/http/auth.pg.test.ts',
  MAIL_UNAVAILABLE: 'server/src/http/invite-mail.pg.test.ts',
  MAIL_FAILED: 'server/src/http/invite-mail.pg.test.ts',
  ACCOUNT_DEACTIVATED: 'server/src/http/deactivation.pg.test.ts',
  EMAIL_TAKEN: 'server/src/http/auth.pg.test.ts',
  PASSWORD_WEAK: 'server/src/http/auth.pg.test.ts',
  SETUP_CODE_WRONG: 'server/src/http/auth.pg.test.ts',
  INVITE_INVALID: 'server/src/http/invites.pg.test.ts',
  REFRESH_REUSED: 'server/src/http/tokens.pg.test.ts',
  NOT_SENT_IN_TIME: 'desktop/src/core/outbox/deadlines.db.test.ts',
  DISK_FULL: 'desktop/src/core/open-account.db.test.ts',
  KEYRING_MISSING: 'desktop/src/main/keyring.test.ts',
  KEYRING_SILENT: 'desktop/src/main/keyring.test.ts',
  SHORTCUT_TAKEN: 'e2e/desktop-integration.spec.ts',
  CERTIFICATE_UNTRUSTED: 'desktop/src/core/transport/node-transport.test.ts',
  PROXY_AUTH: 'desktop/src/core/transport/proxies.test.ts',
  PROXY_UNREACHABLE: 'desktop/src/core/transport/proxies.test.ts',
  INSECURE_ADDRESS: 'desktop/src/core/transport/server-url.test.ts',
  LOCAL_DATA_DAMAGED: 'desktop/src/core/open-account.db.test.ts',
};

describe('the catalogue', () => {
  it.each(errorCodes)('%s is produced by the test the table names', (code) => {
    const file = path.join(import.meta.dirname, '../..', producers[code]);
    expect(existsSync(file), `${file} exists`).toBe(true);
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`['"]${code}['"]`));
  });
});
