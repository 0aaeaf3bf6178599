import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark } from '../../ui/mark.tsx';

/** Mark, title and lead of a form. */
export function AuthHead({ title, lead }: { readonly title: string; readonly lead: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="row auth-mark">
        <Mark size={24} className="i24" />
        <span className="b">{t('app.name')}</span>
      </div>
      <div>
        <h1>{title}</h1>
        <p className="t2">{lead}</p>
      </div>
    </>
  );
}
