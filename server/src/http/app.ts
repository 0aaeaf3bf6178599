/**
 * The Express app: headers, the router, health and metrics, and the one place where what went wrong becomes an answer.
 * CORS stays closed: no page of another origin may call this server.
 */
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express';
import helmet from 'helmet';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { isDatabaseAway } from '../repositories/database-away.ts';
import { invitationPage } from './invitation-page.ts';
import { openApiDocument } from './openapi.ts';
import { respondError } from './respond.ts';
import { baseUrlOf, createRouter, type HttpRouterParts } from './router.ts';

/** What the app needs beyond the router. */
export interface AppParts extends HttpRouterParts {
  /** Where people reach this server, if it was told. */
  readonly publicUrl: string | undefined;
  readonly trustProxy: boolean | number | string;
  readonly metricsToken: string | undefined;
  readonly version: string;
  /** Whether the database answers. */
  readonly isReady: () => Promise<boolean>;
  /** The metrics as Prometheus reads them. */
  readonly metrics: () => Promise<string>;
  readonly onHandled: (route: string, status: number, ms: number) => void;
  readonly onCrash: (where: string, error: unknown) => void;
}

/** Creates the app. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', parts.trustProxy);
  app.use(measure(parts.onHandled));
  app.use(
    helmet({
      contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"] } },
    }),
  );
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.get('/healthz', (_request, response) => void response.json({ ok: true }));
  app.get('/readyz', async (_request, response) => {
    const isReady = !parts.isDraining() && (await parts.isReady());
    if (isReady) response.json({ ok: true });
    else respondError(response, errorBody(parts.isDraining() ? 'SHUTTING_DOWN' : 'BUSY'));
  });
  app.get('/metrics', async (request, response) => {
    if (mayReadMetrics(request, parts.metricsToken)) response.type('text/plain').send(await parts.metrics());
    else respondError(response, errorBody('NOT_FOUND'));
  });
  app.get('/api/openapi.json', (_request, response) => void response.json(openApiDocument(parts.version)));
  app.get('/join/:code', (request, response) => {
    response.type('html').send(invitationPage(request.params.code, parts.publicUrl ?? baseUrlOf(request)));
  });
  app.use(createRouter(parts));
  app.use((_request, response) => respondError(response, errorBody('NOT_FOUND')));
  app.use(errorHandler(parts.onCrash));
  return app;
}

function measure(onHandled: AppParts['onHandled']): RequestHandler {
  return (_request, response, next) => {
    const startedAt = performance.now();
    response.on('finish', () => {
      const route = response.locals['route'] as string | undefined;
      onHandled(route ?? 'other', response.statusCode, performance.now() - startedAt);
    });
    next();
  };
}

/** This machine, unless a proxy passed the request on, or whoever has the token. */
function mayReadMetrics(request: Request, token: string | undefined): boolean {
  if (token !== undefined) return request.get('authorization') === `Bearer ${token}`;
  const isLocal = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? '');
  return isLocal && request.get('x-forwarded-for') === undefined && request.get('forwarded') === undefined;
}

function errorHandler(onCrash: AppParts['onCrash']): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const refusal = isDatabaseAway(error) ? errorBody('BUSY') : refusalOf(error);
    if (!refusal) onCrash((response.locals['route'] as string | undefined) ?? 'other', error);
    respondError(response, refusal ?? errorBody('INTERNAL'));
  };
}

/** What Express and its body reader complain about is the client's doing; anything else is ours. */
function refusalOf(error: unknown): ErrorBody | undefined {
  if (error instanceof URIError) return errorBody('BAD_REQUEST', { detail: 'path: not valid' });
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status === 413) return errorBody('TOO_LARGE');
  return error.status >= 400 && error.status < 500
    ? errorBody('BAD_REQUEST', { detail: 'body: not valid JSON' })
    : undefined;
}
