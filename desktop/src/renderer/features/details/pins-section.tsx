/** Pinned messages of a conversation: go to one, or take its pin off. */
import { PinOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationMeta } from '../../../ipc/views.ts';
import { setMessagePinned } from '../../lib/group-actions.ts';
import { jumpTo, toggleDetails } from '../../lib/navigation.ts';
import { IconButton, LinkButton } from '../../ui/button.tsx';

/** Pins shown before the rest is asked for. */
const shownPins = 3;
/** Below this width the pane lies over the messages. */
const besideMessages = '(min-width: 1180px)';

/** See the file comment; nothing while nothing is pinned. */
export function PinsSection({
  conversationId,
  pins,
  canPin,
}: {
  readonly conversationId: string;
  readonly pins: ConversationMeta['pins'];
  readonly canPin: boolean;
}) {
  const { t } = useTranslation();
  const [isAll, setAll] = useState(false);
  if (pins.length === 0) return null;
  const jump = (messageId: string) => {
    if (!window.matchMedia(besideMessages).matches) toggleDetails(false);
    jumpTo(conversationId, messageId);
  };
  return (
    <section className="sec" aria-labelledby="pins-title">
      <h3 id="pins-title">
        {t('pins.title')}
        <span className="sec-n">{pins.length}</span>
      </h3>
      <ul aria-labelledby="pins-title">
        {(isAll ? pins : pins.slice(0, shownPins)).map(({ messageId, excerpt, senderName }) => (
          <li key={messageId} className="li pin">
            <button type="button" className="pin-text" onClick={() => jump(messageId)}>
              <span className="vh">{t('pins.jump')}</span>
              <span className="sub clip">{senderName}</span>
              <span className="pin-excerpt">{excerpt}</span>
            </button>
            {canPin ? (
              <IconButton
                label={t('pins.unpin', { name: senderName })}
                isSmall
                onClick={() => void setMessagePinned(conversationId, messageId, false)}
              >
                <PinOff className="i i16" />
              </IconButton>
            ) : null}
          </li>
        ))}
      </ul>
      {pins.length > shownPins && !isAll ? (
        <div className="sec-more">
          <LinkButton onClick={() => setAll(true)}>{t('pins.showAll', { count: pins.length })}</LinkButton>
        </div>
      ) : null}
    </section>
  );
}
