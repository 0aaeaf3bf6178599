/** The line over the field that offers what another device wrote in the same place meanwhile. */
import { MonitorSmartphone } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../ui/button.tsx';
import type { StoredDraft } from './draft-keeper.ts';

interface OtherDraftProps {
  readonly draft: StoredDraft;
  readonly onChoose: (useOther: boolean) => void;
}

/** Says so to a screen reader when it comes: nothing else on screen changes. */
export function OtherDraft({ draft, onChoose }: OtherDraftProps) {
  const { t } = useTranslation();
  return (
    <div className="rban other-draft">
      <MonitorSmartphone className="i i16" aria-hidden="true" />
      <div className="grow" role="status">
        <div className="med">{t('composer.otherDraft')}</div>
        <div className="clip t2">{draft.text}</div>
      </div>
      <LinkButton onClick={() => onChoose(true)}>{t('composer.useOther')}</LinkButton>
      <LinkButton onClick={() => onChoose(false)}>{t('composer.discardOther')}</LinkButton>
    </div>
  );
}
