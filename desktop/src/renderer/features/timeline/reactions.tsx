import { useTranslation } from 'react-i18next';
import type { MessageRow } from '../../../ipc/message-rows.ts';

/** Reactions shown before the rest is a number. */
const shownReactions = 8;

/** Reactions under a message: toggle buttons; hovering lists who. */
export function Reactions({
  row,
  isLocked,
  onToggle,
}: {
  readonly row: MessageRow;
  /** Shown, but not to be changed. */
  readonly isLocked: boolean;
  readonly onToggle: (row: MessageRow, emoji: string) => void;
}) {
  const { t } = useTranslation();
  const rest = row.reactions.length - shownReactions;
  return (
    <div className="rx">
      {row.reactions.slice(0, shownReactions).map(({ emoji, isOwn, names, userIds }) => (
        <button
          type="button"
          key={emoji}
          tabIndex={-1}
          disabled={isLocked}
          className={isOwn ? 'me' : undefined}
          aria-pressed={isOwn}
          aria-label={t(isOwn ? 'timeline.reactionOwn' : 'timeline.reaction', {
            emoji,
            count: userIds.length,
          })}
          title={names.join(', ')}
          onClick={() => onToggle(row, emoji)}
        >
          <em>{emoji}</em>
          {userIds.length}
        </button>
      ))}
      {rest > 0 ? <span className="rx-rest">{t('timeline.moreReactions', { count: rest })}</span> : null}
    </div>
  );
}
