/** What a message said before each of its edits: asked of the server, which forgets it with the message. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import type { MessageRow } from '../../../ipc/message-rows.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatMoment } from '../../lib/format.ts';
import { RichText } from '../../ui/rich-text.tsx';

type PastTexts = IntentAnswer<'message.texts'>['texts'];

/** The versions, newest first, without the one that stands in the conversation; nothing for what was never edited. */
export function EditHistory({
  conversationId,
  row,
  isOffline,
}: {
  readonly conversationId: string;
  readonly row: MessageRow;
  readonly isOffline: boolean;
}) {
  const { t } = useTranslation();
  const { id: messageId, editedAtMs, isDeleted } = row;
  const isEdited = editedAtMs !== null && !isDeleted;
  const [texts, setTexts] = useState<PastTexts | null>(null);
  const [isUnavailable, setUnavailable] = useState(false);
  useEffect(() => {
    if (!isEdited) return undefined;
    let isCurrent = true;
    void invoke('message.texts', { conversationId, messageId }).then((result) => {
      if (!isCurrent) return;
      if (result.ok) setTexts(result.value.texts);
      setUnavailable(!result.ok);
    });
    return () => {
      isCurrent = false;
    };
  }, [conversationId, messageId, isEdited, editedAtMs, isOffline]);
  if (!isEdited) return null;
  const words = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
  const before = (texts ?? []).slice(0, -1).reverse();
  return (
    <section className="sec" aria-label={t('info.history')}>
      <h3>{t('info.history')}</h3>
      {before.map(({ seq, atMs, text }) => (
        <div className="past-text" key={seq}>
          <div className="s12 t3 num">{formatMoment(atMs, Date.now(), words)}</div>
          <div className="s13 t2">
            <RichText text={text} mentions={[]} />
          </div>
        </div>
      ))}
      {isUnavailable && texts === null ? (
        <p className="s13 t3 info-note">{t('info.historyUnavailable')}</p>
      ) : null}
    </section>
  );
}
