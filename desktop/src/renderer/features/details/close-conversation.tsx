/** Ends a linked conversation, or opens it again. Both can be taken back, so neither asks. */
import { Lock, LockOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { setClosed } from '../../lib/linked-items.ts';

/** See the file comment. */
export function CloseConversation({
  conversationId,
  isClosed,
}: {
  readonly conversationId: string;
  readonly isClosed: boolean;
}) {
  const { t } = useTranslation();
  const Icon = isClosed ? LockOpen : Lock;
  return (
    <section className="sec">
      <button type="button" className="li" onClick={() => void setClosed(conversationId, !isClosed)}>
        <Icon className="i i16" aria-hidden="true" />
        <span>
          {t(isClosed ? 'linked.reopen' : 'linked.close')}
          {isClosed ? null : <span className="sub close-sub">{t('linked.closeHelp')}</span>}
        </span>
      </button>
    </section>
  );
}
