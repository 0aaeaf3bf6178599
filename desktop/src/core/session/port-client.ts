/** Questions to the main process. Owns matching answers to questions; each is asked once and answered once. */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { FromCore, PortAnswers, PortRequest } from '../../ipc/core-port.ts';
import type { UnsentText } from '../../ipc/unsent.ts';
import type { RouteResolver } from '../transport/transport-types.ts';
import type { Keyring } from './keyring.ts';

/** See the file comment. */
export class PortClient {
  readonly #post: (message: FromCore) => void;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #nextId = 1;

  constructor(post: (message: FromCore) => void) {
    this.#post = post;
  }

  /** The keyring behind main. */
  readonly keyring: Keyring = {
    get: (account) => this.#ask({ port: 'keyring.get', account }),
    set: (account, secret) => this.#ask({ port: 'keyring.set', account, secret }),
    delete: (account) => this.#ask({ port: 'keyring.delete', account }),
  };

  /** Proxy and certificates for a URL. */
  readonly route: RouteResolver = (url) => this.#ask({ port: 'network.forUrl', url });

  /** Lets the person save unsent texts; false when they chose no place. */
  saveUnsent(texts: readonly UnsentText[]): Promise<Result<boolean, ErrorBody>> {
    return this.#ask({ port: 'unsent.save', texts });
  }

  /** Lets the person save a text as a file; false when they chose no place. */
  saveFile(name: string, text: string): Promise<Result<boolean, ErrorBody>> {
    return this.#ask({ port: 'file.save', name, text });
  }

  /** Lets the person choose where a new folder goes; its path, or null when they chose no place. */
  makeFolder(name: string): Promise<Result<string | null, ErrorBody>> {
    return this.#ask({ port: 'folder.make', name });
  }

  /** Main answered. */
  receive(id: number, answer: unknown): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(answer);
  }

  #ask<R extends PortRequest>(request: R): Promise<PortAnswers[R['port']]> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      // Main is the other half of this program: what it answers has the type the contract gives.
      this.#waiting.set(id, (answer) => resolve(answer as PortAnswers[R['port']]));
      this.#post({ type: 'portRequest', id, request });
    });
  }
}
