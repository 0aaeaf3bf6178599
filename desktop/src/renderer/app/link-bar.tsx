/** The bar of a linked conversation: its item's key, title, state and host, and the way to it. All of it readable offline. */
import './link-bar.css';
import { ExternalLink, Ticket } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ConversationLink } from '@curlew/shared/domain/message.ts';
import { hostOf, openItem } from '../lib/linked-items.ts';
import { LinkButton } from '../ui/button.tsx';

/** See the file comment. */
export function LinkBar({ link, title }: { readonly link: ConversationLink; readonly title: string }) {
  const { t } = useTranslation();
  return (
    <section className="linkbar" aria-label={t('linked.bar')}>
      <Ticket className="i i16" aria-hidden="true" />
      <span className="key clip">{link.id}</span>
      {link.isRemoved ? (
        <>
          <span className="item clip">{t('linked.removed')}</span>
          <span className="host clip">{link.url}</span>
        </>
      ) : (
        <>
          <span className="item clip">{title}</span>
          {link.status === '' ? null : <span className="tag clip">{link.status}</span>}
          <span className="host clip">{hostOf(link.url)}</span>
        </>
      )}
      <LinkButton onClick={() => void openItem(link.url)}>
        {t('linked.open')}
        <ExternalLink className="i i14" aria-hidden="true" />
      </LinkButton>
    </section>
  );
}
