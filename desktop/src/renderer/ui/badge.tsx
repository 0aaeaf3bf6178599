import './badge.css';
import { AtSign } from 'lucide-react';

/**
 * A count. Filled = notifies, outline = muted, warn = waits in the outbox. Decorative: the number stands in the name of
 * the row or button it sits on.
 */
export function Badge({
  count,
  tone = 'unread',
}: {
  readonly count: number;
  readonly tone?: 'unread' | 'muted' | 'warn';
}) {
  if (count <= 0) return null;
  const toneClass = tone === 'muted' ? ' muted' : tone === 'warn' ? ' warnb' : '';
  return (
    <span className={`badge${toneClass}`} aria-hidden="true">
      {count > 99 ? '99+' : count}
    </span>
  );
}

/** The mark of an unread mention. */
export function MentionBadge() {
  return (
    <span className="badge at" aria-hidden="true">
      <AtSign className="i i12" />
    </span>
  );
}
