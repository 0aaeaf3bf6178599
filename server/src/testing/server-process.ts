/** The server as a process of its own, for tests of what only a process shows: what it prints, how it ends, its nodes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const entry = join(import.meta.dirname, '..', 'index.ts');

/** A line of its output. */
export type Fact = { readonly event: string; readonly url?: string; readonly setupCode?: string };

/** A running server process and the facts it told. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly fact: (event: string) => Promise<Fact>;
  readonly facts: () => readonly Readonly<Record<string, unknown>>[];
  readonly stderr: () => string;
}

/** Starts a command of the server; without one, the server. */
export function startProcess(
  args: readonly string[],
  env: Record<string, string> = {},
  stdin = '',
): ServerProcess {
  const { DATABASE_URL: _url, CURLEW_JWT_SECRET: _secret, ...own } = process.env;
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...own, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(stdin);
  const facts: Fact[] = [];
  const waiting: { event: string; resolve: (fact: Fact) => void }[] = [];
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const fact = JSON.parse(line) as Fact;
      facts.push(fact);
      for (const { event, resolve } of waiting) if (event === fact.event) resolve(fact);
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    child,
    exited,
    facts: () => facts.map((fact) => ({ ...fact })),
    stderr: () => stderr,
    fact: (event) => {
      const known = facts.find((fact) => fact.event === event);
      if (known) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        waiting.push({ event, resolve });
        void exited.then((code) =>
          reject(new Error(`the server ended with ${code} before it told ${event}: ${stderr}`)),
        );
      });
    },
  };
}
