/**
 * The IPC host: every call of a window passes here. Owns the order sender check → schema → core or main → Result.
 *
 * Promises: it never throws and never answers anything but a Result; what does not come from the top frame of one of
 * our own windows is FORBIDDEN; what the contract does not name, or its schema refuses, is BAD_REQUEST (TOO_LARGE for
 * a text over its limit) and reaches neither the core nor main.
 */
import { limits } from '@curlew/shared/domain/limits.ts';
import { utf8Length } from '@curlew/shared/domain/ids.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import { err } from '@curlew/shared/lib/result.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { z } from 'zod';
import { channels } from '../ipc/bridge.ts';
import type { IntentAnswer, IntentName, IntentRequest } from '../ipc/intents.ts';
import { intents } from '../ipc/intents.ts';
import type { ViewName } from '../ipc/views.ts';
import { viewParams } from '../ipc/views.ts';
import { errorFacts } from './error-facts.ts';
import type { LocalViewName } from './local-views.ts';
import { isLocalView } from './local-views.ts';
import type { Log } from './log-file.ts';
import type { AnyOpenedView } from './view-registry.ts';

/** Who calls, as the platform reports it. */
export interface Sender {
  /** The window whose contents sent the call, when it is one of ours. */
  readonly windowId: number | undefined;
  readonly isTopFrame: boolean;
  /** Address of the frame that sent it. */
  readonly url: string;
  /** The account its page belongs to, as the page says. */
  readonly account: unknown;
}

/** Intents that main answers itself. */
export type LocalIntentName = {
  [I in IntentName]: (typeof intents)[I]['handledBy'] extends 'main' ? I : never;
}[IntentName];

/** A handler per intent of main. */
export type LocalIntents = {
  readonly [I in LocalIntentName]: (
    request: IntentRequest<I>,
    windowId: number,
  ) => Promise<Result<IntentAnswer<I>, ErrorBody>>;
};

/** What stands behind the host. */
export interface IpcHostPorts {
  /** Whether an address is the renderer's own. */
  isOwnUrl(url: string): boolean;
  /** The core of an account; undefined: there is no such account. */
  coreOf(account: string): CoreDoor | undefined;
  readonly localIntents: LocalIntents;
  readonly localViews: {
    open(windowId: number, view: LocalViewName): Result<AnyOpenedView, ErrorBody>;
    close(windowId: number, viewId: number): void;
  };
  log: Log;
}

/** What of a core a page may use. */
interface CoreDoor {
  intent(windowId: number, name: IntentName, request: unknown): Promise<Result<unknown, ErrorBody>>;
  openView(windowId: number, view: ViewName, params: unknown): Promise<Result<AnyOpenedView, ErrorBody>>;
  closeView(windowId: number, viewId: number): void;
}

const viewIdSchema = z.int().min(1);

/** See the file's head. */
export class IpcHost {
  readonly #ports: IpcHostPorts;

  constructor(ports: IpcHostPorts) {
    this.#ports = ports;
  }

  /** Answers one call. `args` is whatever the other process sent. */
  async handle(
    channel: string,
    sender: Sender,
    args: readonly unknown[],
  ): Promise<Result<unknown, ErrorBody>> {
    try {
      const windowId = this.#windowOf(sender);
      if (windowId === undefined) {
        this.#ports.log('warn', 'ipc.foreignSender', { channel, isTopFrame: sender.isTopFrame });
        return err(errorBody('FORBIDDEN'));
      }
      const core = typeof sender.account === 'string' ? this.#ports.coreOf(sender.account) : undefined;
      if (!core) return unknownCall('account');
      if (channel === channels.intent) return await this.#intent(core, windowId, args);
      if (channel === channels.openView) return await this.#openView(core, windowId, args);
      if (channel === channels.closeView) return this.#closeView(core, windowId, args);
      return err(errorBody('BAD_REQUEST', { detail: 'unknown channel' }));
    } catch (error) {
      this.#ports.log('error', 'ipc.failed', { channel, ...errorFacts(error) });
      return err(errorBody('INTERNAL'));
    }
  }

  #windowOf(sender: Sender): number | undefined {
    return sender.isTopFrame && this.#ports.isOwnUrl(sender.url) ? sender.windowId : undefined;
  }

  async #intent(
    core: CoreDoor,
    windowId: number,
    args: readonly unknown[],
  ): Promise<Result<unknown, ErrorBody>> {
    const [name, payload] = args;
    if (!isNameIn(intents, name) || args.length !== 2) return unknownCall('intent');
    const parsed = intents[name].request.safeParse(payload);
    if (!parsed.success) return err(refusal(payload, parsed.error));
    if (intents[name].handledBy === 'main') return await this.#local(windowId, name, parsed.data);
    return await core.intent(windowId, name, parsed.data);
  }

  /** The name decides the handler and the schema alike, which the type system cannot follow through the table. */
  async #local(windowId: number, name: IntentName, request: unknown): Promise<Result<unknown, ErrorBody>> {
    const handlers: Readonly<
      Record<string, (request: never, windowId: number) => Promise<Result<unknown, ErrorBody>>>
    > = this.#ports.localIntents;
    const handler = handlers[name];
    return handler ? await handler(request as never, windowId) : unknownCall('intent');
  }

  async #openView(
    core: CoreDoor,
    windowId: number,
    args: readonly unknown[],
  ): Promise<Result<unknown, ErrorBody>> {
    const [name, payload] = args;
    if (!isNameIn(viewParams, name) || args.length !== 2) return unknownCall('view');
    const parsed = viewParams[name].safeParse(payload);
    if (!parsed.success) return err(refusal(payload, parsed.error));
    if (isLocalView(name)) return this.#ports.localViews.open(windowId, name);
    return await core.openView(windowId, name, parsed.data);
  }

  #closeView(core: CoreDoor, windowId: number, args: readonly unknown[]): Result<unknown, ErrorBody> {
    const viewId = viewIdSchema.safeParse(args[0]);
    if (!viewId.success || args.length !== 1) return unknownCall('view id');
    this.#ports.localViews.close(windowId, viewId.data);
    core.closeView(windowId, viewId.data);
    return { ok: true, value: {} };
  }
}

function isNameIn<T extends object>(table: T, name: unknown): name is keyof T & string {
  return typeof name === 'string' && Object.hasOwn(table, name);
}

function unknownCall(what: string): Result<never, ErrorBody> {
  return err(errorBody('BAD_REQUEST', { detail: `unknown ${what}` }));
}

/** Says which field was refused and why, without quoting what was in it. */
function refusal(payload: unknown, error: z.ZodError): ErrorBody {
  const [issue] = error.issues;
  const path = issue?.path ?? [];
  const detail = `${path.map(String).join('.') || 'request'}: ${issue?.code ?? 'invalid'}`;
  const value = valueAt(payload, path);
  const isText = path.at(-1) === 'text' && typeof value === 'string';
  const isTooLarge = isText && utf8Length(value) > limits.textBytes;
  return errorBody(isTooLarge ? 'TOO_LARGE' : 'BAD_REQUEST', { detail });
}

function valueAt(payload: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    payload,
  );
}
