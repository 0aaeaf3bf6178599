import { ArrowDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/badge.tsx';

/** "Jump to latest", with the number of messages that arrived below. */
export function JumpButton({ count, onJump }: { readonly count: number; readonly onJump: () => void }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="jump"
      aria-label={count > 0 ? t('timeline.jumpCount', { count }) : t('timeline.jump')}
      onClick={onJump}
    >
      <ArrowDown className="i i16" />
      {t('timeline.jump')}
      <Badge count={count} />
    </button>
  );
}
