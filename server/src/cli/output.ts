/** Where commands write: facts for programs, sentences for people. */

/** Where a command writes. */
export interface Output {
  /** One JSON line on stdout. */
  readonly tell: (fact: Record<string, unknown>) => void;
  /** A sentence on stderr. */
  readonly say: (sentence: string) => void;
}
