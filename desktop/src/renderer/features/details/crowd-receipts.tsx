/** How far a message of a large group got: numbers, and the names behind each a page at a time, for who asks for them. */
import { Check, CheckCheck } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReceiptCount } from '@curlew/shared/domain/message.ts';
import type { ReceiptStep } from '@curlew/shared/protocol/sync.ts';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatNumber } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Names } from './receipt-people.tsx';

interface CrowdReceiptsProps {
  readonly conversationId: string;
  readonly messageId: string;
  readonly counts: ReceiptCount;
}

/** See the file comment. */
export function CrowdReceipts({ counts, ...message }: CrowdReceiptsProps) {
  const { t } = useTranslation();
  const { people, delivered, read } = counts;
  const total = formatNumber(people);
  return (
    <>
      <Step
        {...message}
        step="read"
        count={read}
        title={t('info.seenByOf', { count: read, shown: formatNumber(read), total })}
      />
      <Step
        {...message}
        step="delivered"
        count={delivered - read}
        title={t('info.deliveredToOf', { count: delivered, shown: formatNumber(delivered), total })}
      />
      <Step
        {...message}
        step="pending"
        count={people - delivered}
        title={t('info.pending', { count: people - delivered })}
      />
    </>
  );
}

type Page = IntentAnswer<'message.receipts'>;
const none: Page = { receipts: [], cursor: null };

/** One step; its names are of the moment they were asked for. */
function Step({
  conversationId,
  messageId,
  step,
  count,
  title,
}: Omit<CrowdReceiptsProps, 'counts'> & {
  readonly step: ReceiptStep;
  /** Whose names there are to show. */
  readonly count: number;
  readonly title: string;
}) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Page | null>(null);
  const [isLoading, setLoading] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const titleId = useId();
  const Icon = step === 'pending' ? Check : CheckCheck;

  async function load(before: Page): Promise<void> {
    setLoading(true);
    const page = await invoke('message.receipts', { conversationId, messageId, step, after: before.cursor });
    setLoading(false);
    setFailed(!page.ok);
    if (!page.ok) return;
    setShown({ receipts: [...before.receipts, ...page.value.receipts], cursor: page.value.cursor });
  }

  return (
    <section className="sec" aria-labelledby={titleId}>
      <h3 id={titleId}>
        <Icon className="i i14" />
        {title}
      </h3>
      {shown ? <Names people={shown.receipts} /> : null}
      {hasFailed ? (
        <p className="s12 t3 info-note" role="status">
          {t('info.namesUnavailable')}
        </p>
      ) : null}
      {count > 0 && (shown === null || shown.cursor !== null) ? (
        <Button size="small" disabled={isLoading} onClick={() => void load(shown ?? none)}>
          {t(namesLabel(step, shown !== null))}
        </Button>
      ) : null}
    </section>
  );
}

function namesLabel(step: ReceiptStep, isMore: boolean) {
  if (isMore) return 'info.moreNames';
  if (step === 'read') return 'info.namesRead';
  return step === 'delivered' ? 'info.namesDelivered' : 'info.namesPending';
}
