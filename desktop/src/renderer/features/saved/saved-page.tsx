/** Saved messages over all conversations; each opens where it was said. */
import './saved-page.css';
import { Bookmark, BookmarkMinus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SavedRow } from '../../../ipc/writing.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatListTime } from '../../lib/format.ts';
import { leavePage, openConversation } from '../../lib/navigation.ts';
import { setMessageSaved } from '../../lib/saving.ts';
import { showToast } from '../../lib/toast.ts';
import { useView } from '../../lib/use-view.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { EmptyState, Group, Page } from '../../ui/page.tsx';

/** The page. */
export function SavedPage() {
  const { t } = useTranslation();
  const { state } = useView('saved', { conversationId: null });
  const rows = (state?.order ?? []).flatMap((key) => state?.rows[key] ?? []);
  const remove = async ({ conversationId, messageId }: SavedRow) => {
    if (!(await setMessageSaved(conversationId, messageId, false))) return;
    showToast({
      text: t('saved.removed'),
      action: {
        label: t('later.undo'),
        run: () => void invoke('message.save', { conversationId, messageId, on: true }),
      },
    });
  };
  return (
    <Page
      title={t('saved.title')}
      lead={t('saved.lead')}
      closeLabel={t('saved.close')}
      width="wide"
      onClose={leavePage}
    >
      {state && rows.length === 0 ? (
        <EmptyState icon={<Bookmark className="i" />} body={t('saved.empty')} />
      ) : null}
      {rows.length > 0 ? (
        <Group title={t('saved.count', { count: state?.meta.total ?? rows.length })}>
          {rows.map((row) => (
            <Entry key={row.messageId} row={row} onRemove={() => void remove(row)} />
          ))}
        </Group>
      ) : null}
    </Page>
  );
}

function Entry({ row, onRemove }: { readonly row: SavedRow; readonly onRemove: () => void }) {
  const { t } = useTranslation();
  const words = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
  const sender = row.isOwn ? t('saved.you') : (row.senderName ?? '');
  const text = row.isDeleted ? t('timeline.deleted') : (row.text ?? t('saved.notHere'));
  return (
    <div className="srow saved-row">
      <button type="button" className="saved-open" onClick={() => open(row)}>
        <Avatar name={row.senderName ?? row.conversationTitle} size={36} />
        <span className="grow">
          <span className="row entry-top">
            <b className="med clip">
              {sender === ''
                ? row.conversationTitle
                : t('saved.from', { sender, title: row.conversationTitle })}
            </b>
            <span className="s12 t3 num">
              {row.atMs === null ? '' : formatListTime(row.atMs, Date.now(), words)}
            </span>
          </span>
          <span className="saved-text t2">{text}</span>
        </span>
      </button>
      <IconButton label={t('message.unsave')} isSmall onClick={onRemove}>
        <BookmarkMinus className="i i16" />
      </IconButton>
    </div>
  );
}

function open({ conversationId, messageId }: SavedRow): void {
  openConversation(conversationId, { messageId });
}
