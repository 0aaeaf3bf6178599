/** Who is in a conversation, and what may be done with each of them. Above a hundred people only those on screen are drawn. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { Ellipsis } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationMeta, MemberRow } from '../../../ipc/views.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton, LinkButton } from '../../ui/button.tsx';
import { Receipt } from '../../ui/receipt.tsx';
import { PersonMarks } from '../../ui/person-marks.tsx';
import { AddPeople } from './add-people.tsx';
import { MemberMenu, type MemberTarget } from './member-menu.tsx';
import { groupRights, inOrder, memberRights } from './member-rights.ts';

/** Members shown before the rest is asked for. */
const shownMembers = 8;
/** Longer lists scroll by themselves and draw what is on screen. */
const virtualAbove = 100;
const memberHeightPx = 44;

interface MembersProps {
  readonly conversationId: string;
  readonly meta: ConversationMeta;
  readonly ownUserId: string;
  readonly isOffline: boolean;
}

/** The section of the details pane. */
export function MembersSection(props: MembersProps) {
  const { meta, conversationId, ownUserId, isOffline } = props;
  const { t } = useTranslation();
  const [isAll, setAll] = useState(false);
  const [isAdding, setAdding] = useState(false);
  const [target, setTarget] = useState<MemberTarget | null>(null);
  const { members } = meta;
  const ordered = useMemo(() => inOrder(members), [members]);
  const shown = isAll ? ordered : ordered.slice(0, shownMembers);
  const rights = groupRights(meta);
  const { heading, onFocus, onBlur } = useKeptFocus(ordered);
  const changeable = useMemo(
    () => new Set(ordered.filter((member) => isChangeable(meta, member, ownUserId)).map(({ id }) => id)),
    [ordered, meta, ownUserId],
  );
  const draw = (member: MemberRow) => (
    <Member
      key={member.id}
      member={member}
      isOwn={member.id === ownUserId}
      isOffline={isOffline}
      action={changeable.has(member.id) ? 'menu' : changeable.size > 0 ? 'gap' : 'none'}
      onMenu={(anchor) => setTarget({ member, anchor })}
    />
  );
  return (
    <section className="sec" aria-labelledby="members-title" onFocus={onFocus} onBlur={onBlur}>
      <h3 id="members-title" ref={heading} tabIndex={-1}>
        {t('details.members')}
        <span className="sec-n">{members.length}</span>
        {rights.canAdd ? (
          <LinkButton onClick={() => setAdding(true)}>{t('group.addPeople')}</LinkButton>
        ) : null}
      </h3>
      {shown.length > virtualAbove ? (
        <LongList members={shown} draw={draw} label={t('details.members')} />
      ) : (
        <ul aria-labelledby="members-title">
          {shown.map((member) => (
            <li key={member.id}>{draw(member)}</li>
          ))}
        </ul>
      )}
      {ordered.length > shownMembers ? (
        <div className="sec-more">
          <LinkButton aria-expanded={isAll} onClick={() => setAll(!isAll)}>
            {isAll ? t('group.showFewer') : t('group.showAll', { count: ordered.length })}
          </LinkButton>
        </div>
      ) : null}
      <MemberMenu
        conversationId={conversationId}
        meta={meta}
        ownUserId={ownUserId}
        target={target}
        onClose={() => setTarget(null)}
      />
      <AddPeople
        isOpen={isAdding}
        conversationId={conversationId}
        title={meta.row?.title ?? ''}
        members={members}
        isOffline={isOffline}
        onClose={() => setAdding(false)}
      />
    </section>
  );
}

function isChangeable(meta: ConversationMeta, member: MemberRow, ownUserId: string): boolean {
  const { canRemove, roles } = memberRights(meta, member, member.id === ownUserId);
  return canRemove || roles.length > 0;
}

/** Who is removed goes with the button that was pressed for it; the focus then stays in the section, on its heading. */
function useKeptFocus(changing: unknown) {
  const heading = useRef<HTMLHeadingElement>(null);
  const inside = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (inside.current && !inside.current.isConnected && document.activeElement === document.body) {
      heading.current?.focus();
    }
  }, [changing]);
  return {
    heading,
    onFocus: (event: { readonly target: Element }) => {
      inside.current = event.target;
    },
    onBlur: (event: { readonly relatedTarget: EventTarget | null }) => {
      if (event.relatedTarget !== null) inside.current = null;
    },
  };
}

function LongList({
  members,
  draw,
  label,
}: {
  readonly members: readonly MemberRow[];
  readonly draw: (member: MemberRow) => ReactNode;
  readonly label: string;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: members.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => memberHeightPx,
    getItemKey: (index) => members[index]?.id ?? index,
    overscan: 6,
  });
  return (
    <div className="member-list" ref={scroller}>
      <ul aria-label={label} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const member = members[index];
          return member ? (
            <li
              key={key}
              aria-posinset={index + 1}
              aria-setsize={members.length}
              style={{ transform: `translateY(${start}px)` }}
            >
              {draw(member)}
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}

function Member({
  member,
  isOwn,
  isOffline,
  action,
  onMenu,
}: {
  readonly member: MemberRow;
  readonly isOwn: boolean;
  readonly isOffline: boolean;
  /** The button of the menu, its place where others have one, or neither. */
  readonly action: 'menu' | 'gap' | 'none';
  readonly onMenu: (anchor: Element) => void;
}) {
  const { t } = useTranslation();
  const { name, title, role, presence, isPending } = member;
  return (
    <div className="li member">
      <Avatar name={name} size={28} presence={isOffline ? null : presence?.state} />
      <div className="grow">
        <div className="row marked">
          <span className="clip">{isOwn ? t('details.you', { name }) : name}</span>
          <PersonMarks {...member} />
        </div>
        {title ? <div className="sub clip">{title}</div> : null}
      </div>
      {isPending ? <Receipt state="queued" isOffline={isOffline} /> : null}
      {role === 'member' ? null : <span className="tag">{t(`group.role.${role}`)}</span>}
      {action === 'menu' ? (
        <IconButton
          label={t('group.memberMenu', { name })}
          isSmall
          aria-haspopup="menu"
          onClick={(event) => onMenu(event.currentTarget)}
        >
          <Ellipsis className="i i16" />
        </IconButton>
      ) : action === 'gap' ? (
        <span className="member-gap" />
      ) : null}
    </div>
  );
}
