/** How errors leave over HTTP: the catalogue's status, `{error}` as the body, `Retry-After` where there is a delay. */
import type { Response } from 'express';
import { errorCatalogue, type ErrorBody } from '@curlew/shared/protocol/errors.ts';

/** Answers an error. */
export function respondError(response: Response, error: ErrorBody): void {
  if (error.retryMs !== undefined) response.set('Retry-After', String(Math.ceil(error.retryMs / 1000)));
  response.status(errorCatalogue[error.code].status).json({ error });
}
