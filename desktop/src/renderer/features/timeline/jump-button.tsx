import { ArrowDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/badge.tsx';

/** "Jump to latest", with the number of messages that arrived below. */
export function JumpButton({ count, onJump }: { readonly count: number; readonly onJump: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className="jump" onClick={onJump}>
      <ArrowDown className="i i16" />
      {t('timeline.jump')}
      {count > 0 ? <span className="vh">{t('timeline.jumpCount', { count })}</span> : null}
      <Badge count={count} />
    </button>
  );
}
