/** The menu of one member, and the question before somebody is taken out. */
import { Crown, ShieldCheck, UserMinus, UserRound } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationMeta, MemberRow } from '../../../ipc/views.ts';
import { changeGroup } from '../../lib/group-actions.ts';
import { Confirm } from '../../ui/dialog.tsx';
import { AnchoredMenu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { memberRights } from './member-rights.ts';

/** A member and the button their menu hangs on. */
export interface MemberTarget {
  readonly member: MemberRow;
  readonly anchor: Element;
}

const icons: Record<MemberRow['role'], ReactNode> = {
  owner: <Crown className="i i16" />,
  moderator: <ShieldCheck className="i i16" />,
  member: <UserRound className="i i16" />,
};
const texts = {
  owner: 'group.makeOwner',
  moderator: 'group.makeModerator',
  member: 'group.makeMember',
} as const;

/** Open while there is a target; offers what my role allows. */
export function MemberMenu({
  conversationId,
  meta,
  ownUserId,
  target,
  onClose,
}: {
  readonly conversationId: string;
  readonly meta: ConversationMeta;
  readonly ownUserId: string;
  readonly target: MemberTarget | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [removed, setRemoved] = useState<MemberRow | null>(null);
  const member = target?.member;
  const rights = member ? memberRights(meta, member, member.id === ownUserId) : null;
  return (
    <>
      <AnchoredMenu
        anchor={target?.anchor ?? null}
        label={member ? t('group.memberMenu', { name: member.name }) : ''}
        align="end"
        onClose={onClose}
      >
        {member && rights
          ? rights.roles.map((role) => (
              <MenuItem
                key={role}
                icon={icons[role]}
                onSelect={() =>
                  void changeGroup('group.setRole', { conversationId, userId: member.id, role })
                }
              >
                {t(texts[role])}
              </MenuItem>
            ))
          : null}
        {member && rights?.canRemove ? (
          <>
            {rights.roles.length > 0 ? <MenuLine /> : null}
            <MenuItem icon={<UserMinus className="i i16" />} isDanger onSelect={() => setRemoved(member)}>
              {t('group.removeMember')}
            </MenuItem>
          </>
        ) : null}
      </AnchoredMenu>
      <Confirm
        isOpen={removed !== null}
        title={t('group.removeTitle', { name: removed?.name ?? '' })}
        body={t('group.removeBody')}
        safeLabel={t('group.removeKeep')}
        dangerLabel={t('group.removeConfirm')}
        onSafe={() => setRemoved(null)}
        onDanger={() => {
          if (removed) void changeGroup('group.remove', { conversationId, userId: removed.id });
          setRemoved(null);
        }}
      />
    </>
  );
}
