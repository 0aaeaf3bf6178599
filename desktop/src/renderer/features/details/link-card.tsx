/** The item of a linked conversation in the details: what it is called where, and the way to it. Readable offline. */
import { Copy, ExternalLink, Link2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ConversationLink } from '@curlew/shared/domain/message.ts';
import { copyItem, hostOf, openItem } from '../../lib/linked-items.ts';
import { Button } from '../../ui/button.tsx';

/** See the file comment. */
export function LinkCard({ link, title }: { readonly link: ConversationLink; readonly title: string }) {
  const { t } = useTranslation();
  return (
    <section className="link-card" aria-label={t('linked.bar')}>
      <div className="link-place">
        <Link2 className="i i14" aria-hidden="true" />
        <span className="grow clip">{link.isRemoved ? link.url : hostOf(link.url)}</span>
        <span className="key clip">{link.id}</span>
      </div>
      <div className="link-title">{link.isRemoved ? t('linked.removed') : title}</div>
      {link.status === '' ? null : (
        <div className="s13 t3">{t('linked.status', { status: link.status })}</div>
      )}
      <div className="link-ways">
        <Button size="small" onClick={() => void openItem(link.url)}>
          <ExternalLink className="i i16" aria-hidden="true" />
          {t('linked.openShort')}
        </Button>
        <Button size="small" onClick={() => void copyItem(link.url)}>
          <Copy className="i i16" aria-hidden="true" />
          {t('linked.copy')}
        </Button>
      </div>
    </section>
  );
}
