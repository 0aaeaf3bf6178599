/**
 * The core as main sees it: speaks its port, answers its questions and waits for its answers. Owns no expectations.
 */
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { FromCore, PortRequest, ToCore } from '../../ipc/core-port.ts';
import type { ViewState } from '../../ipc/feed.ts';
import type { IntentName } from '../../ipc/intents.ts';
import type { ViewName } from '../../ipc/views.ts';
import { createCore } from '../create-core.ts';
import { nodeClock, nodeRandom, nodeTimers } from '../node-ports.ts';
import type { Transport } from '../transport/transport-types.ts';

/** No server anywhere, or one that answers everything with the same error. */
export function refusing(code: ErrorBody['code'], wipe = false): Transport {
  const error = errorBody(code, wipe ? { wipe } : {});
  return {
    call: () => Promise.resolve(err(error)),
    open(_handshake, listener) {
      queueMicrotask(() => listener.refused(error));
      return {
        request: () => Promise.resolve(err(error)),
        emit: () => undefined,
        close: () => undefined,
      };
    },
    dispose: () => undefined,
  };
}

/** A keyring that has a sign-in and takes another. */
function holdingKeyring(request: PortRequest): Promise<unknown> {
  return Promise.resolve(ok(request.port === 'keyring.get' ? 'refresh' : null));
}

/** See the file comment. */
export class CoreDriver {
  readonly said: FromCore[] = [];
  readonly #core: { receive(message: ToCore): void };
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #nextId = 1;

  constructor(
    dataDir: string,
    transport: Transport,
    answerPort: (request: PortRequest) => Promise<unknown> = holdingKeyring,
  ) {
    const post = (message: FromCore): void => {
      this.said.push(message);
      if (message.type === 'portRequest') {
        void answerPort(message.request).then((answer) =>
          this.#core.receive({ type: 'portAnswer', id: message.id, answer }),
        );
      }
      if (message.type === 'intentAnswer' || message.type === 'viewOpened') {
        this.#answers.get(message.id)?.(message.answer);
      }
    };
    const ports = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
    this.#core = createCore({ ...ports, post, createTransport: () => transport });
    const config = { dataDir, appVersion: 'test', deviceName: 'test', defaultServerUrl: null };
    this.#core.receive({ type: 'start', config });
  }

  intent<T = { messageId?: string }>(name: IntentName, request: unknown): Promise<Result<T, ErrorBody>> {
    return this.#ask((id) => ({ type: 'intent', id, windowId: 1, name, request }));
  }

  async view(view: ViewName, params: unknown): Promise<ViewState> {
    const answer = await this.#ask<Result<{ state: ViewState }, ErrorBody>>((id) => ({
      type: 'openView',
      id,
      windowId: 1,
      view,
      params,
    }));
    if (!answer.ok) throw new Error(answer.error.code);
    return answer.value.state;
  }

  /** Texts of a conversation's newest messages. */
  async texts(conversationId: string): Promise<unknown[]> {
    const state = await this.view('timeline', { conversationId, at: { kind: 'end' }, limit: 50 });
    return state.order.map((key) => (state.rows[key] as { text: string }).text);
  }

  stop(): void {
    this.#core.receive({ type: 'stop' });
  }

  #ask<T>(message: (id: number) => ToCore): Promise<T> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#answers.set(id, (answer) => resolve(answer as T));
      this.#core.receive(message(id));
    });
  }
}
