/** The file in which unsent texts survive a sign-out. Owns its layout; plain text, so that anything can open it. */
import type { UnsentText } from '../ipc/unsent.ts';
import { texts } from './texts.ts';

/** Name offered for the file. */
export function unsentFileName(nowMs: number): string {
  return `${texts.unsentFile} ${new Date(nowMs).toISOString().slice(0, 10)}.txt`;
}

/** The file's content: every text whole, under the name of its conversation and the time it was written. */
export function unsentFileText(unsent: readonly UnsentText[], nowMs: number): string {
  const entries = unsent.map(({ kind, conversation, text, writtenAtMs }) => {
    const to = conversation ?? texts.unknownConversation;
    const when = writtenAtMs === null ? '' : ` · ${new Date(writtenAtMs).toLocaleString('en-GB')}`;
    return `${texts.unsentKind[kind]} · ${to}${when}\n\n${text}\n`;
  });
  const head = `${texts.unsentFile} · ${new Date(nowMs).toLocaleString('en-GB')}\n`;
  return [head, ...entries].join('\n----\n\n');
}
