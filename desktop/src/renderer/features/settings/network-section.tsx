import { useTranslation } from 'react-i18next';
import { NetworkForm } from '../../ui/network-form.tsx';

/** Proxy and certificates. */
export function NetworkSection({ serverUrl }: { readonly serverUrl: string }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('network.title')}</h1>
      <p className="lead">{t('network.lead')}</p>
      <NetworkForm serverUrl={serverUrl} />
    </>
  );
}
