/** What stands where a conversation would: a word of welcome, or what to choose from. */
import { Building2, Contact, MessagesSquare, SquarePen, UserPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ConversationsMeta } from '../../ipc/views.ts';
import { openDialog, showSection, showSettings } from '../lib/navigation.ts';
import { inScope } from '../lib/scope.ts';
import { useMeta } from '../lib/use-view.ts';
import { Button } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Mark } from '../ui/mark.tsx';
import { EmptyState } from '../ui/page.tsx';

/** See the file comment. */
export function NothingOpen({
  orgName,
  canInvite,
  list,
}: {
  readonly orgName: string | null;
  readonly canInvite: boolean;
  readonly list: ConversationsMeta | null;
}) {
  const { t } = useTranslation();
  if (!list) return null;
  if (list.total > 0 || list.isFirstSync) {
    return (
      <div className="empty none-open">
        <Mark size={72} className="ghost" />
        <p className="t3">
          <WithKeys text={t('welcome.choose')} />
        </p>
      </div>
    );
  }
  return orgName === null ? <NoOrganization /> : <Welcome orgName={orgName} canInvite={canInvite} />;
}

function NoOrganization() {
  const { t } = useTranslation();
  return (
    <div className="empty-place">
      <EmptyState
        icon={<Building2 className="i" />}
        title={t('organization.none')}
        body={t('organization.noneBody')}
      >
        <Button tone="primary" onClick={() => showSettings('organization')}>
          {t('organization.add')}
        </Button>
      </EmptyState>
    </div>
  );
}

function Welcome({ orgName, canInvite }: { readonly orgName: string; readonly canInvite: boolean }) {
  const { t } = useTranslation();
  const people = useMeta('people', { query: '', limit: 1, ...inScope() });
  if (!people) return null;
  if (people.total === 0) {
    return (
      <div className="empty-place">
        <EmptyState
          icon={<Contact className="i" />}
          title={t('welcome.title', { name: orgName })}
          body={t(canInvite ? 'alone.invite' : 'alone.ask')}
        >
          {canInvite ? (
            <Button tone="primary" onClick={() => showSection('people')}>
              <UserPlus className="i i16" aria-hidden="true" />
              {t('people.invite')}
            </Button>
          ) : null}
        </EmptyState>
      </div>
    );
  }
  return (
    <div className="empty-place">
      <EmptyState
        icon={<MessagesSquare className="i" />}
        title={t('welcome.title', { name: orgName })}
        body={t('welcome.body')}
      >
        <Button tone="primary" onClick={() => openDialog('newConversation')}>
          <SquarePen className="i i16" aria-hidden="true" />
          {t('list.newConversation')}
        </Button>
        <Button onClick={() => showSection('people')}>
          <Contact className="i i16" aria-hidden="true" />
          {t('welcome.browse')}
        </Button>
      </EmptyState>
      <p className="s13 t3 tip-line">
        <WithKeys text={t('welcome.tip')} />
      </p>
    </div>
  );
}

/** A sentence with the switcher's key caps at its `<keys/>` mark. */
function WithKeys({ text }: { readonly text: string }) {
  const [before = '', after = ''] = text.split('<keys/>');
  return (
    <>
      {before}
      <Kbd keys="Ctrl+K" />
      {after}
    </>
  );
}
