/** New conversation: with one person, which opens at once, a group of several, or about an item. All also offline. */
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionMeta } from '../../../ipc/views.ts';
import { writeTo } from '../../lib/conversation-actions.ts';
import type { NewConversationSeed } from '../../lib/navigation.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/field.tsx';
import { PeoplePicker } from '../../ui/people-picker.tsx';
import { GroupForm } from './group-form.tsx';
import { LinkedForm } from './linked-form.tsx';

type Orgs = Extract<SessionMeta, { state: 'active' }>['orgs'];

interface NewConversationProps {
  readonly isOpen: boolean;
  readonly ownUserId: string;
  /** My organizations; some of them let me make no groups. */
  readonly orgs: Orgs;
  /** It begins in this organization; undefined: in one that all of them share. */
  readonly scopeId: string | undefined;
  readonly isOffline: boolean;
  /** What it begins with, when the place that asked knows. */
  readonly seed: NewConversationSeed | null;
  readonly onClose: () => void;
}

/** The dialog. */
export function NewConversation(props: NewConversationProps) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen={props.isOpen} onClose={props.onClose} title={t('newConversation.title')} width="wide">
      <Content {...props} />
    </Dialog>
  );
}

function Content({ ownUserId, orgs, scopeId, isOffline, seed, onClose }: NewConversationProps) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<NewConversationSeed['kind']>(seed?.kind ?? 'direct');
  const [hasSwitched, setSwitched] = useState(false);
  const groupOrgs = useMemo(() => orgs.filter((org) => org.groups === 'allowed'), [orgs]);
  const refusal = groupOrgs.length === 0 ? orgs[0]?.groups : undefined;
  const self = useMemo(() => new Set([ownUserId]), [ownUserId]);
  const write = useCallback(
    (userId: string) => {
      onClose();
      void writeTo(userId);
    },
    [onClose],
  );
  return (
    <>
      {groupOrgs.length > 0 ? (
        <div className="db kinds">
          <Segmented
            label={t('newConversation.kind')}
            value={kind}
            options={[
              { value: 'direct', label: t('newConversation.direct') },
              { value: 'group', label: t('newConversation.group') },
              { value: 'linked', label: t('newConversation.linked') },
            ]}
            onChange={(next) => {
              setKind(next);
              setSwitched(true);
            }}
          />
        </div>
      ) : null}
      {refusal === 'guest' || refusal === 'policy' ? (
        <p className="db s13 t3">{t(`newConversation.noGroups.${refusal}`)}</p>
      ) : null}
      {kind === 'linked' && groupOrgs.length > 0 ? (
        <LinkedForm
          ownUserId={ownUserId}
          orgs={groupOrgs}
          scopeId={scopeId}
          isOffline={isOffline}
          item={seed?.item}
          takesFocus={!hasSwitched}
          onClose={onClose}
        />
      ) : kind === 'group' && groupOrgs.length > 0 ? (
        <GroupForm
          ownUserId={ownUserId}
          orgs={groupOrgs}
          scopeId={scopeId}
          isOffline={isOffline}
          onClose={onClose}
        />
      ) : (
        <div className="db find-people">
          <PeoplePicker
            label={t('newConversation.to')}
            excludedIds={self}
            orgId={scopeId}
            chosen={[]}
            isOffline={isOffline}
            nobodyText={t('people.alone')}
            takesFocus={!hasSwitched}
            onAdd={(person) => write(person.id)}
            onRemove={() => undefined}
          />
        </div>
      )}
    </>
  );
}
