/** What takes space on this device, counted step by step while the page is open. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import { invoke } from '../../lib/bridge.ts';

/** Conversations that are shown. */
const SHOWN = 50;

/** What the messages of a conversation take. */
export interface ConversationSize {
  readonly conversationId: string;
  readonly title: string | null;
  readonly messages: number;
  readonly bytes: number;
}

/** What is known so far. `percent`: how far the conversations are counted; null once they are. */
export interface StorageFacts {
  readonly files: IntentAnswer<'storage.files'> | null;
  readonly conversations: readonly ConversationSize[] | null;
  readonly percent: number | null;
}

/** Counts at once, and again when asked. */
export function useStorage(): { readonly facts: StorageFacts; readonly count: () => void } {
  const [facts, setFacts] = useState<StorageFacts>({ files: null, conversations: null, percent: 0 });
  const run = useRef(0);
  const count = useCallback(() => {
    run.current += 1;
    const mine = run.current;
    const isMine = () => run.current === mine;
    void invoke('storage.files', {}).then((result) => {
      if (isMine() && result.ok) setFacts((now) => ({ ...now, files: result.value }));
    });
    void countConversations(isMine, (percent) => setFacts((now) => ({ ...now, percent }))).then((found) => {
      if (isMine()) setFacts((now) => ({ ...now, conversations: found, percent: null }));
    });
  }, []);
  useEffect(() => {
    count();
    return () => {
      run.current += 1;
    };
  }, [count]);
  return { facts, count };
}

async function countConversations(
  isWanted: () => boolean,
  progressed: (percent: number) => void,
): Promise<readonly ConversationSize[]> {
  const sizes = new Map<string, ConversationSize>();
  let shownPercent = 0;
  for (let after: number | null = 0; after !== null && isWanted();) {
    const step: Result<IntentAnswer<'storage.step'>, ErrorBody> = await invoke('storage.step', { after });
    // Nobody is signed in any more; what was counted is still true.
    if (!step.ok) break;
    for (const row of step.value.rows) {
      const known = sizes.get(row.conversationId);
      sizes.set(row.conversationId, {
        ...row,
        messages: row.messages + (known?.messages ?? 0),
        bytes: row.bytes + (known?.bytes ?? 0),
      });
    }
    const { done, total, next }: IntentAnswer<'storage.step'> = step.value;
    const percent = total === 0 ? 100 : Math.floor((done * 100) / total);
    if (percent !== shownPercent && isWanted()) progressed(percent);
    shownPercent = percent;
    after = next;
    // What a person does meanwhile comes first.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return [...sizes.values()].toSorted((a, b) => b.bytes - a.bytes).slice(0, SHOWN);
}
