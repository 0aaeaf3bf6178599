/** Byte vectors of the two formats a client must reproduce: opHash and the chain. Computed, never typed in. */
import { EMPTY_CHAIN, nextChain, opHashOf } from '@curlew/shared/lib/chain.ts';
import { canonicalJson } from '@curlew/shared/lib/canonical-json.ts';
import { opExamples } from '@curlew/shared/protocol/examples.test-support.ts';

interface ExampleOp {
  readonly opId: string;
  readonly logId: string;
}

/** The section's Markdown. */
export function vectorsSection(): string {
  const created = opExamples['conversation.create'] as ExampleOp;
  const sent = opExamples['message.send'] as ExampleOp;
  // An op whose text needs every rule of RFC 8785: escapes, characters beyond ASCII, members out of order.
  const tricky = { ...sent, text: 'Grüße \u20ac "\\\n\u000f 😀', seenSeq: 7 };
  const { seenSeq: _, ...trickyMeaning } = tricky;
  const first = nextChain(EMPTY_CHAIN, {
    logId: created.logId,
    seq: 1,
    opId: created.opId,
    opHash: opHashOf(created),
  });
  const second = nextChain(first, { logId: sent.logId, seq: 2, opId: sent.opId, opHash: opHashOf(sent) });
  const far = { logId: sent.logId, seq: 4_294_967_297, opId: sent.opId, opHash: opHashOf(sent) };
  const vectors = {
    opHash: [created, sent, trickyMeaning].map((op) => ({
      canonicalJson: canonicalJson(op),
      opHash: opHashOf(op),
    })),
    chain: [
      {
        previous: EMPTY_CHAIN,
        logId: created.logId,
        seq: 1,
        opId: created.opId,
        opHash: opHashOf(created),
        chain: first,
      },
      { previous: first, logId: sent.logId, seq: 2, opId: sent.opId, opHash: opHashOf(sent), chain: second },
      { previous: second, ...far, chain: nextChain(second, far) },
    ],
  };
  return `<!-- vectors -->\n\n\`\`\`json\n${JSON.stringify(vectors, undefined, 2)}\n\`\`\``;
}
