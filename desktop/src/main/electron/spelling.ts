/**
 * Spell checking of the windows. Owns which languages are checked, and that no dictionary is ever fetched: on Linux
 * those of the computer are used, elsewhere the system's own checker.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Session } from 'electron';
import { app } from 'electron';
import type { SpellingMeta } from '../../ipc/settings-views.ts';
import type { Preferences } from '../../ipc/views.ts';
import type { Log } from '../log-file.ts';
import type { Dictionary } from '../spelling/dictionaries.ts';
import { dictionaryFolders, findDictionaries, languagesOfSystem } from '../spelling/dictionaries.ts';
import type { DictionaryJob } from '../spelling/make-dictionary.ts';

interface SpellingPorts {
  /** The built `spelling-worker.js`. */
  readonly workerFile: string;
  preferences(): Preferences;
  publish(meta: SpellingMeta): void;
  readonly log: Log;
}

/** See the file's head. */
export class Spelling {
  readonly #ports: SpellingPorts;
  #session: Session | undefined;
  readonly #refused = new Set<string>();
  #languages: readonly string[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(ports: SpellingPorts) {
    this.#ports = ports;
  }

  /** Before the first window, in a session that is locked down: nothing is checked yet, and nothing can be fetched. */
  prepare(session: Session): void {
    this.#session = session;
    // Chromium starts with the system's language, looks for its file once, and never again while the list is the same.
    if (process.platform !== 'darwin') session.setSpellCheckerLanguages([]);
    session.on('spellcheck-dictionary-download-failure', (_event, code) => {
      this.#refused.add(code);
      this.#ports.log('warn', 'spelling.noDictionary', { code });
      this.#publish();
    });
  }

  /** Looks what this computer has and does as preferred. Again after a change; calls run one after the other. */
  apply(): Promise<void> {
    this.#turn = this.#turn
      .then(() => this.#apply())
      .catch(() => this.#ports.log('error', 'spelling.failed'));
    return this.#turn;
  }

  async #apply(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    const { spelling } = this.#ports.preferences();
    if (process.platform === 'darwin') {
      // The system finds out the language by itself.
      session.setSpellCheckerEnabled(spelling !== 'off');
      return this.#publish();
    }
    const found =
      process.platform === 'linux' ? await findDictionaries(dictionaryFolders(process.env)) : undefined;
    this.#languages = found
      ? found.map(({ code }) => code)
      : session.availableSpellCheckerLanguages.filter((code) => code !== 'en');
    this.#refused.clear();
    const wanted = this.#wanted();
    const usable: string[] = [];
    for (const code of wanted) {
      const dictionary = found?.find((one) => one.code === code);
      if (!dictionary || (await this.#make(dictionary))) usable.push(code);
      else this.#refused.add(code);
    }
    session.setSpellCheckerLanguages(usable);
    session.setSpellCheckerEnabled(usable.length > 0);
    this.#publish();
  }

  #wanted(): readonly string[] {
    const { spelling, spellingLanguages } = this.#ports.preferences();
    if (spelling === 'off') return [];
    if (spelling === 'system') return languagesOfSystem(app.getPreferredSystemLanguages(), this.#languages);
    return spellingLanguages.filter((code) => this.#languages.includes(code));
  }

  #publish(): void {
    const isAutomatic = process.platform === 'darwin';
    this.#ports.publish({
      languages: isAutomatic ? null : this.#languages,
      inUse: isAutomatic ? [] : this.#wanted().filter((code) => !this.#refused.has(code)),
      refused: [...this.#refused],
    });
  }

  /** Chromium's form of a dictionary, in the folder where it looks for it; false when it cannot be made. */
  #make({ affFile, dicFile, bdicName }: Dictionary): Promise<boolean> {
    const target = path.join(app.getPath('userData'), 'Dictionaries', bdicName);
    const job: DictionaryJob = { affFile, dicFile, target };
    return new Promise((resolve) => {
      const worker = new Worker(this.#ports.workerFile, { name: 'curlew-spelling', workerData: job });
      worker.on('message', resolve);
      // After a message this changes nothing.
      worker.on('error', () => resolve(false));
      worker.on('exit', () => resolve(false));
    });
  }
}
