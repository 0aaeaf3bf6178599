import { expect, test } from 'vitest';
import {
  errorBody,
  errorBodySchema,
  errorCatalogue,
  errorCodes,
  isErrorCode,
  retryClassOf,
} from './errors.ts';

test.each(errorCodes)('%s has a status, a retry class and a sentence a person can read', (code) => {
  const { status, message } = errorCatalogue[code];
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(600);
  expect(message).toMatch(/^[A-Z].{8,}/);
  expect(message).not.toMatch(/\b[A-Z]{3,}_[A-Z]+\b/);
  expect(errorBodySchema.parse(errorBody(code))).toEqual({ code, message });
});

test('a code from the future is tried again a few times, never taken for success', () => {
  expect(retryClassOf('NOT_INVENTED_YET')).toBe('bounded');
  expect(retryClassOf('toString')).toBe('bounded');
  expect(retryClassOf('INTERNAL')).toBe('bounded');
  expect(isErrorCode('constructor')).toBe(false);
});

test('the codes that mean "wait" are exactly the passing conditions, of the server, the keyring and the way', () => {
  const waiting = errorCodes.filter((code) => retryClassOf(code) === 'backoff');
  const ofServer = ['BUSY', 'LAGGING', 'RATE_LIMITED', 'SHUTTING_DOWN', 'TIMEOUT', 'OFFLINE'];
  const ofDevice = ['KEYRING_SILENT', 'PROXY_AUTH', 'PROXY_UNREACHABLE'];
  expect(waiting).toEqual([...ofServer, 'IDEMPOTENCY_KEY_IN_USE', ...ofDevice]);
});
