/**
 * The avatars on the lower edge of a message: whose newest read message it is. They lie over the gap between two
 * bubbles, so that somebody reading on never moves a message.
 */
import { useTranslation } from 'react-i18next';
import { formatList } from '../../lib/format.ts';
import { Avatar } from '../../ui/avatar.tsx';
import type { Reader } from './contracts.ts';

/** Avatars shown before the rest is a number. */
const shownReaders = 5;
/** Names in the spoken and hovered text. */
const namedReaders = 20;

/** See the file comment. */
export function SeenBy({ readers }: { readonly readers: readonly Reader[] }) {
  const { t } = useTranslation();
  const rest = readers.length - shownReaders;
  const unnamed = readers.length - namedReaders;
  const names = readers.slice(0, namedReaders).map(({ name }) => name);
  if (unnamed > 0) names.push(t('group.seenMore', { count: unnamed }));
  const label = t('group.seenBy', { names: formatList(names) });
  return (
    <div className="seen" role="img" aria-label={label} title={label}>
      {readers.slice(0, shownReaders).map(({ id, name }) => (
        <Avatar key={id} name={name} size={16} />
      ))}
      {rest > 0 ? <span className="seen-rest">{t('group.seenMore', { count: rest })}</span> : null}
    </div>
  );
}
